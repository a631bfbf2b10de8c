//! Writing JSON.

/// What can be written.
pub trait ToJson {
    /// Puts itself at the end of a text.
    fn to_json(&self, json: &mut String);

    /// Whether a field that holds this is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The JSON of a value.
pub fn write(value: &dyn ToJson) -> String {
    let mut json = String::new();
    value.to_json(&mut json);
    json
}

/// Puts an object at the end of a text.
pub(crate) fn object(json: &mut String, fields: &[(&str, &dyn ToJson)]) {
    let mut mark = '{';
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_absent()) {
        json.push(mark);
        mark = ',';
        name.to_json(json);
        json.push(':');
        value.to_json(json);
    }
    if mark == '{' {
        json.push(mark);
    }
    json.push('}');
}

impl ToJson for &str {
    fn to_json(&self, json: &mut String) {
        json.push('"');
        for letter in self.chars() {
            match letter {
                '"' | '\\' => json.extend(['\\', letter]),
                '\n' => json.push_str("\\n"),
                '\t' => json.push_str("\\t"),
                // All others below the blank have no short form that we need.
                '\0'..' ' => {
                    let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                    json.push_str("\\u00");
                    json.extend([digit(u32::from(letter) >> 4), digit(u32::from(letter) & 15)]);
                }
                _ => json.push(letter),
            }
        }
        json.push('"');
    }
}

impl ToJson for bool {
    fn to_json(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

impl ToJson for String {
    fn to_json(&self, json: &mut String) {
        self.as_str().to_json(json);
    }
}

impl ToJson for i64 {
    fn to_json(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl ToJson for u32 {
    fn to_json(&self, json: &mut String) {
        i64::from(*self).to_json(json);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, json: &mut String) {
        if let Some(value) = self {
            value.to_json(json);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, json: &mut String) {
        json.push('[');
        for (position, item) in self.iter().enumerate() {
            if position > 0 {
                json.push(',');
            }
            item.to_json(json);
        }
        json.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_a_full_parser_expects() {
        let text: String = (0..=0x2FF).filter_map(char::from_u32).chain("\u{2028}€😀".chars()).collect();
        assert_eq!(serde_json::from_str::<String>(&write(&text)).unwrap(), text);
    }

    #[test]
    fn absent_fields_are_left_out() {
        struct Pair(Option<u32>, Option<String>);
        impl ToJson for Pair {
            fn to_json(&self, json: &mut String) {
                object(json, &[("a", &self.0), ("b", &self.1)]);
            }
        }
        let cases = [
            (Pair(None, None), "{}"),
            (Pair(Some(1), None), r#"{"a":1}"#),
            (Pair(None, Some("x".to_owned())), r#"{"b":"x"}"#),
            (Pair(Some(0), Some(String::new())), r#"{"a":0,"b":""}"#),
        ];
        for (pair, json) in cases {
            assert_eq!(write(&pair), json);
        }
        assert_eq!(write(&vec![1_i64, -2]), "[1,-2]");
        assert_eq!(write(&Vec::<i64>::new()), "[]");
    }
}
