//! What a store promises, told once and kept on both engines.

#[cfg(test)]
mod directory;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod gainsight;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod organisations;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod races;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod story;
#[cfg(test)]
mod timelines;
#[cfg(test)]
mod upkeep;
#[cfg(test)]
mod views;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writes;
#[cfg(test)]
mod zoom;
