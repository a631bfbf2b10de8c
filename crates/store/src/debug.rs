//! `Debug` for rows: which row it is, and nothing of what it says.

/// Implements `Debug` by naming fields that are neither secret nor personal. All others are left out.
macro_rules! debug_by_ids {
    ($name:ident $(<$life:lifetime>)? { $($field:ident),* $(,)? }) => {
        impl std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use debug_by_ids;
