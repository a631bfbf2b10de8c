//! Writing records: what a value may be, how look-ups are resolved, all or nothing (`gainsight.md` 5.4).

pub(crate) mod errors;
pub(crate) mod lookups;
pub(crate) mod records;
pub(crate) mod values;
