//! Regular expressions that a whole answer has to fit: keys, codes, dates.

use crate::limits;
use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, de};

/// A regular expression for a whole answer: `[0-9]{4}` means four digits and nothing else, with or without `^` and `$`.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Parses it.
    ///
    /// # Errors
    /// A sentence that says why it is no regular expression.
    pub fn parse(source: &str) -> Result<Pattern, String> {
        let words = |error: regex_lite::Error| {
            error.to_string().lines().last().unwrap_or("it is no pattern").to_owned()
        };
        let regex = |source: &str| {
            RegexBuilder::new(source).size_limit(limits::PATTERN_BYTES_MAX).build().map_err(words)
        };
        // By itself first: brackets that do not match must not be mended by those around them.
        regex(source)?;
        regex(&format!("^(?:{source})$")).map(Pattern)
    }

    /// Whether an answer fits.
    pub fn fits(&self, answer: &str) -> bool {
        self.0.is_match(answer)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        Pattern::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_is_for_the_whole_answer() {
        let fits = |pattern, answer| Pattern::parse(pattern).unwrap().fits(answer);
        assert!(fits("[0-9]{4}", "1234"));
        assert!(!fits("[0-9]{4}", "12345"));
        assert!(fits("^1|2$", "2") && !fits("1|2", "12"));
        for broken in ["[0-9", "a)(b", "(", "*", "(a{1000}){1000}"] {
            assert!(Pattern::parse(broken).is_err(), "{broken}");
        }
    }
}
