//! The client against the stand-in for Zoom, over real HTTP.
//!
//! The unit tests show what the client makes of single answers. These show that it gets through whole stories, in the version of
//! Zoom that the documentation describes and in every other version that the documentation leaves possible.

#[cfg(test)]
mod calling;
#[cfg(test)]
mod receiving;
#[cfg(test)]
mod world;
