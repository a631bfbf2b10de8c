//! Record ids: 36 upper-case letters and digits, the first four of which show the object (`gainsight.md` 1).

use crate::chance::Chance;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Draws an id that starts with `prefix`.
pub(crate) fn gsid(prefix: &str, chance: &mut Chance) -> String {
    let mut id = String::with_capacity(36);
    id.push_str(prefix);
    while id.len() < 36 {
        id.push(chance.pick(DIGITS).copied().map_or('0', char::from));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_36_upper_case_letters_and_digits() {
        let id = gsid("1P02", &mut Chance::new(1, "ids"));
        assert_eq!(id.len(), 36);
        assert!(id.starts_with("1P02"));
        assert!(id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
    }
}
