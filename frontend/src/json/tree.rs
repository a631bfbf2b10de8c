//! A JSON text as a tree (RFC 8259).

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    /// A number that no type of ours holds; a later server may send one.
    OtherNumber,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Deeper than anything of ours, shallower than the stack.
const DEEPEST: u8 = 100;

/// Reads a text that is one value.
pub(super) fn parse(text: &str) -> Option<Json> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(DEEPEST)?;
    (parser.next_mark() == 0).then_some(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    /// The byte at this place, or 0 at the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The next byte that is no blank; it stays where it is.
    fn next_mark(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.byte()
    }

    /// Goes past a mark if it comes next.
    fn pass(&mut self, mark: u8) -> bool {
        let is_next = self.next_mark() == mark;
        self.at += usize::from(is_next);
        is_next
    }

    /// What stands between `start` and here.
    fn since(&self, start: usize) -> Option<&str> {
        self.text.get(start..self.at)
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        match self.next_mark() {
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            _ => self.word(),
        }
    }

    fn list(&mut self, depth: u8) -> Option<Json> {
        let mut items = Vec::new();
        self.at += 1;
        if self.pass(b']') {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if !self.pass(b',') {
                return self.pass(b']').then_some(Json::List(items));
            }
        }
    }

    fn object(&mut self, depth: u8) -> Option<Json> {
        let mut entries = Vec::new();
        self.at += 1;
        if self.pass(b'}') {
            return Some(Json::Object(entries));
        }
        loop {
            if self.next_mark() != b'"' {
                return None;
            }
            let key = self.string()?;
            if !self.pass(b':') {
                return None;
            }
            entries.push((key, self.value(depth)?));
            if !self.pass(b',') {
                return self.pass(b'}').then_some(Json::Object(entries));
            }
        }
    }

    /// A number or one of the three words.
    fn word(&mut self) -> Option<Json> {
        let start = self.at;
        while matches!(self.byte(), b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.') {
            self.at += 1;
        }
        match self.since(start)? {
            "null" => Some(Json::Null),
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            word if word.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit()) => {
                Some(word.parse().map_or(Json::OtherNumber, Json::Whole))
            }
            _ => None,
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut string = String::new();
        self.at += 1;
        let mut start = self.at;
        loop {
            match self.byte() {
                b'"' => {
                    string.push_str(self.since(start)?);
                    self.at += 1;
                    return Some(string);
                }
                b'\\' => {
                    string.push_str(self.since(start)?);
                    self.at += 1;
                    self.escape(&mut string)?;
                    start = self.at;
                }
                // Also the end of the text.
                0..=0x1F => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self, string: &mut String) -> Option<()> {
        let letter = self.byte();
        self.at += 1;
        string.push(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_units(string),
            _ => return None,
        });
        Some(())
    }

    /// One or two `\uXXXX`: a letter beyond the first 65,536 takes two. Half a letter, which a display name may be cut down to,
    /// becomes the replacement mark.
    fn code_units(&mut self, string: &mut String) -> Option<()> {
        let mut units = vec![self.code_unit()?];
        if units[0] & 0xFC00 == 0xD800 && self.text.get(self.at..self.at + 2) == Some("\\u") {
            self.at += 2;
            units.push(self.code_unit()?);
        }
        string.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Some(())
    }

    fn code_unit(&mut self) -> Option<u16> {
        let start = self.at;
        self.at += 4;
        u16::from_str_radix(self.since(start)?, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Json {
        Json::Text(text.to_owned())
    }

    /// What `serde_json` makes of the same text, in our words.
    fn expected(value: &serde_json::Value) -> Json {
        match value {
            serde_json::Value::Null => Json::Null,
            serde_json::Value::Bool(value) => Json::Bool(*value),
            serde_json::Value::Number(number) => number.as_i64().map_or(Json::OtherNumber, Json::Whole),
            serde_json::Value::String(value) => text(value),
            serde_json::Value::Array(items) => Json::List(items.iter().map(expected).collect()),
            serde_json::Value::Object(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.clone(), expected(value))).collect())
            }
        }
    }

    #[test]
    fn every_kind_is_read_as_a_full_parser_reads_it() {
        let cases = [
            "null",
            " true ",
            "false",
            "0",
            "-7",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551615",
            "1.5",
            "-0.25",
            "1e3",
            "\"\"",
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e4\u20AC\ud83d\ude00""#,
            "\"ä€😀\"",
            "[]",
            "[ ]",
            "{}",
            "{ \n}",
            r#"[1,[2,{"a":null}],"x"]"#,
            "{\"a\" : 1 ,\r\n\t\"b\":{\"c\":[true,false]}}",
        ];
        for case in cases {
            assert_eq!(parse(case).as_ref(), Some(&expected(&serde_json::from_str(case).unwrap())), "{case}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let cases = [
            "",
            " ",
            "nul",
            "nulll",
            "True",
            "-",
            "--",
            "+1",
            ".5",
            "\"",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"a\nb\"",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[1 2]",
            "]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "1 2",
            "<html>",
            "{}x",
        ];
        for case in cases {
            assert_eq!(parse(case), None, "{case}");
            assert!(serde_json::from_str::<serde_json::Value>(case).is_err(), "{case}");
        }
    }

    #[test]
    fn half_a_letter_does_not_spoil_the_rest() {
        assert_eq!(parse(r#""a\ud83d""#), Some(text("a\u{FFFD}")));
        assert_eq!(parse(r#""\ud83dn""#), Some(text("\u{FFFD}n")));
        assert_eq!(parse(r#""\ud83d\u0041""#), Some(text("\u{FFFD}A")));
        assert_eq!(parse(r#""\ude00b""#), Some(text("\u{FFFD}b")));
    }

    #[test]
    fn a_text_that_is_too_deep_is_refused_before_the_stack_ends() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(usize::from(DEEPEST))).is_some());
        assert_eq!(parse(&nested(usize::from(DEEPEST) + 1)), None);
        assert_eq!(parse(&"[".repeat(1_000_000)), None);
    }
}
