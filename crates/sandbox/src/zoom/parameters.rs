//! Query and form parameters, which OAuth lets stand in either place.

/// Decoded parameters in the order in which they came.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query or a form; what is malformed is kept as it is.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// These parameters, and after them those of `other`.
    pub(crate) fn followed_by(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The first of that name; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let all = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        all.into_iter().find(|value| !value.is_empty())
    }

    /// Whether the name is there with this very value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(known, held)| known == name && held == value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_not_empty_counts() {
        let form = Parameters::parse(b"code=&state=a%20b&scope=x&scope=y");
        let all = form.followed_by(Parameters::parse(b"code=late&state=other"));
        assert_eq!((all.get("code"), all.get("state"), all.get("none")), (Some("late"), Some("a b"), None));
        assert!(all.has("scope", "y") && !all.has("scope", "z"));
    }
}
