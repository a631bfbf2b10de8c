//! The `expression` of a filter: aliases joined by AND and OR (`gainsight.md` 5.1).

use super::super::envelope::Failure;

/// How the conditions are joined.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Expression {
    /// The condition at this position.
    Term(usize),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Expression {
    /// Reads an expression. Where both words meet, AND binds closer, as everywhere.
    ///
    /// # Errors
    /// The failure to answer to an unknown alias, a dangling word or, where refused, parentheses.
    pub(crate) fn parse(text: &str, aliases: &[&str], parentheses: bool) -> Result<Self, Failure> {
        let tokens = tokens(text);
        if !parentheses && tokens.iter().any(|token| matches!(*token, "(" | ")")) {
            return Err(malformed("parentheses are not supported"));
        }
        let mut parser = Parser { tokens: &tokens, aliases, depth: 0 };
        let expression = parser.any()?;
        if parser.tokens.is_empty() { Ok(expression) } else { Err(malformed("unexpected word")) }
    }

    /// Whether it holds, given what holds of each condition.
    pub(crate) fn holds(&self, condition: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Term(at) => condition(*at),
            Self::All(parts) => parts.iter().all(|part| part.holds(condition)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(condition)),
        }
    }
}

fn malformed(why: &str) -> Failure {
    Failure::invalid("GSOBJ_1008", format!("Invalid filter expression: {why}."))
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')']) {
            let (before, after) = rest.split_at(at);
            let (parenthesis, tail) = after.split_at(1);
            tokens.extend([before, parenthesis].into_iter().filter(|token| !token.is_empty()));
            rest = tail;
        }
        if !rest.is_empty() {
            tokens.push(rest);
        }
    }
    tokens
}

struct Parser<'a> {
    tokens: &'a [&'a str],
    aliases: &'a [&'a str],
    depth: usize,
}

/// Deep enough for any filter, shallow enough for the stack.
const DEEPEST: usize = 32;

impl Parser<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.tokens.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Result<Expression, Failure> {
        let mut parts = vec![self.all()?];
        while self.take("OR") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Failure> {
        let mut parts = vec![self.term()?];
        while self.take("AND") {
            parts.push(self.term()?);
        }
        Ok(joined(parts, Expression::All))
    }

    fn term(&mut self) -> Result<Expression, Failure> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(malformed("too deep"));
            }
            let inner = self.any()?;
            self.depth -= 1;
            return if self.take(")") { Ok(inner) } else { Err(malformed("missing parenthesis")) };
        }
        let (alias, rest) = self.tokens.split_first().ok_or_else(|| malformed("it ends too early"))?;
        let at = self.aliases.iter().position(|known| known == alias).ok_or_else(|| malformed("unknown alias"))?;
        self.tokens = rest;
        Ok(Expression::Term(at))
    }
}

fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(text: &str, truth: [bool; 3]) -> Option<bool> {
        let expression = Expression::parse(text, &["A", "B", "C"], true).ok()?;
        Some(expression.holds(&|at| truth[at]))
    }

    #[test]
    fn conditions_are_joined_as_written() {
        let cases = [
            ("A", [true, false, false], Some(true)),
            ("A AND B", [true, false, false], Some(false)),
            ("A or B", [false, true, false], Some(true)),
            ("A OR B AND C", [true, false, false], Some(true)),
            ("(A OR B) AND C", [true, false, false], Some(false)),
            ("( A OR(B) )AND C", [true, false, true], Some(true)),
            ("", [true; 3], None),
            ("A AND", [true; 3], None),
            ("A B", [true; 3], None),
            ("A AND D", [true; 3], None),
            ("(A", [true; 3], None),
            ("A)", [true; 3], None),
        ];
        for (text, truth, expected) in cases {
            assert_eq!(holds(text, truth), expected, "{text}");
        }
    }

    #[test]
    fn parentheses_can_be_refused_and_never_go_too_deep() {
        assert!(Expression::parse("(A)", &["A"], false).is_err());
        let deep = format!("{}A{}", "(".repeat(10_000), ")".repeat(10_000));
        assert!(Expression::parse(&deep, &["A"], true).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ABC() ANDOR]{0,40}") {
            let _ = holds(&text, [true, false, true]);
        }
    }
}
