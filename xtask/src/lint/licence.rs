//! Licence expressions (SPDX) against a list of licences that we accept.

/// Whether the list allows what an expression asks for: `MIT OR Apache-2.0`, `(MIT AND ISC) OR Zlib`, and the old `MIT/ISC`.
/// An expression that cannot be read allows nothing.
pub(super) fn is_accepted(expression: &str, accepted: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, accepted };
    reader.any().is_some_and(|verdict| verdict && reader.words.is_empty())
}

struct Reader<'a> {
    words: &'a [&'a str],
    accepted: &'a [String],
}

impl<'a> Reader<'a> {
    /// Terms joined by OR, which binds less than AND.
    fn any(&mut self) -> Option<bool> {
        let mut verdict = self.all()?;
        while self.takes("OR") {
            verdict |= self.all()?;
        }
        Some(verdict)
    }

    fn all(&mut self) -> Option<bool> {
        let mut verdict = self.term()?;
        while self.takes("AND") {
            verdict &= self.term()?;
        }
        Some(verdict)
    }

    fn term(&mut self) -> Option<bool> {
        if self.takes("(") {
            let verdict = self.any()?;
            return self.takes(")").then_some(verdict);
        }
        let licence = self.word()?;
        if matches!(licence, "OR" | "AND" | "WITH" | ")") {
            return None;
        }
        let name = if self.takes("WITH") { format!("{licence} WITH {}", self.word()?) } else { licence.to_owned() };
        Some(self.accepted.contains(&name))
    }

    fn word(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let is_next = self.words.first() == Some(&wanted);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_their_standard_says() {
        let accepted = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(ToOwned::to_owned);
        let cases = [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("GPL-3.0 OR MIT AND ISC", true),
            ("GPL-3.0 AND MIT OR ISC", true),
            ("GPL-3.0 AND (MIT OR ISC)", false),
            ("(MIT OR GPL-3.0) AND ISC", true),
            ("MIT/GPL-3.0", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("", false),
            ("MIT OR", false),
            ("(MIT", false),
            ("MIT ISC", false),
            ("MIT)", false),
            ("OR", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(is_accepted(expression, &accepted), expected, "{expression}");
        }
    }
}
