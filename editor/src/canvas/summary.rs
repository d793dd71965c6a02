//! The one line of a card: the engine's summary, with what `{{ }}` stands for set apart.

/// A piece of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Whether it is the inside of `{{ }}`.
    pub is_variable: bool,
}

/// Cuts a text at its `{{ }}`.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |text: &str, is_variable| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), is_variable });
        }
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, after)) = after.split_once("}}") else { break };
        push(before, false);
        push(inside.trim(), true);
        rest = after;
    }
    push(rest, false);
    pieces
}
