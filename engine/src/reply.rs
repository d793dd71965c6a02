//! How answers to texts are compared: people write `Yes!`, ` YES ` and `yes` and mean the same.

/// An answer to a text without what does not matter: lower case, single spaces, and no punctuation around it. What is nothing but punctuation stays as it is. [`crate::Awaited::accepts`] has answers in this form.
pub fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let text = words.join(" ");
    let is_around = |character: char| {
        character.is_ascii_punctuation()
            || character.is_whitespace()
            || matches!(character, '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '…' | '¡' | '¿')
    };
    match text.trim_matches(is_around) {
        "" => text,
        inner => inner.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_punctuation_around_an_answer_do_not_matter() {
        for (text, expected) in [
            (" YES ", "yes"),
            ("Yes!!", "yes"),
            ("“Yes.”", "yes"),
            ("1.", "1"),
            ("#2", "2"),
            ("I  am\nlate", "i am late"),
            ("don't", "don't"),
            ("3.5", "3.5"),
            ("ÄRZTIN", "ärztin"),
            ("👍", "👍"),
            ("?", "?"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }
}
