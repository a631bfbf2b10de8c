//! The client against the stand-in for Gainsight, over real HTTP.
//!
//! The unit tests show what the client makes of single answers. These show that it gets through whole stories, in the version
//! of Gainsight that the documentation describes and in every other version that the documentation leaves possible.

#[cfg(test)]
mod reading;
#[cfg(test)]
mod signing_in;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writing;
