//! Where a JSON pointer leads in a file: line and column, for error messages.

use jsonc_parser::{CollectOptions, ParseOptions, ast::Value as Ast, common::Ranged, parse_to_ast};

/// A place in a text, counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Which line.
    pub line: usize,
    /// Which character of it.
    pub column: usize,
}

impl Position {
    pub(crate) fn at(text: &str, offset: usize) -> Position {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Finds the value that a pointer names; where its last steps do not exist (a missing field), the nearest value around it. `None` where the text is no JSON.
pub fn locate(text: &str, pointer: &str) -> Option<Position> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    let mut value = parsed.value.as_ref()?;
    let mut start = value.range().start;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let found = match value {
            Ast::Object(object) => object
                .properties
                .iter()
                .find(|property| property.name.as_str() == step)
                .map(|property| (&property.value, property.range.start)),
            Ast::Array(array) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| array.elements.get(index))
                .map(|element| (element, element.range().start)),
            _ => None,
        };
        match found {
            Some((inner, at)) => (value, start) = (inner, at),
            None => break,
        }
    }
    Some(Position::at(text, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_key_it_names_or_to_what_is_around_it() {
        let text = "{\n  \"nodes\": {\n    \"Menü\": { \"next\": {} }\n  }\n}\n";
        assert_eq!(locate(text, "/nodes/Menü/next"), Some(Position { line: 3, column: 15 }));
        assert_eq!(
            locate(text, "/nodes/Menü/config/prompt"),
            Some(Position { line: 3, column: 5 })
        );
        assert_eq!(locate(text, ""), Some(Position { line: 1, column: 1 }));
        assert_eq!(locate("{", ""), None);
    }
}
