//! What somebody probably meant: the nearest of some words to one that is none of them.

/// The one word that differs least; `None` where none is near.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let most = match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let word = plain(word);
    words
        .into_iter()
        // Most words are too long or too short; they are told apart without a look at their letters.
        .filter(|other| word.len().abs_diff(other.len()) <= most + other.matches('_').count())
        .map(|other| (distance(&word, &plain(other)), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

/// Without what people mix up most: capitals and underscores.
fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|character| *character != '_').flat_map(char::to_lowercase).collect()
}

/// How many letters have to be put in, left out, changed or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows: [Vec<usize>; 3] = [Vec::new(), Vec::new(), (0..=b.len()).collect()];
    for i in 1..=a.len() {
        rows.rotate_left(1);
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[1][j] + 1).min(row[j - 1] + 1).min(rows[1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[0][j - 2] + 1);
            }
            row.push(least);
        }
        rows[2] = row;
    }
    rows[2][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_hand_are_near_and_other_words_are_not() {
        let words = ["Menu", "digits", "on_call", "to"];
        for (word, expected) in [
            ("Meun", Some("Menu")),
            ("menu", Some("Menu")),
            ("digit", Some("digits")),
            ("onCall", Some("on_call")),
            ("tp", None),
            ("message", None),
        ] {
            assert_eq!(nearest(word, words), expected, "{word}");
        }
    }
}
