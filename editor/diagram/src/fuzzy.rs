//! How well a few typed letters fit a text: `mm` fits "Main menu".

/// A letter that begins a word counts this much more.
const WORD_START: i32 = 8;
/// A letter right after the one before counts this much more.
const IN_A_ROW: i32 = 6;
/// Long texts fit a little worse than short ones.
const LENGTH_PER_POINT: usize = 8;

/// How well the query fits, more is better; nothing if its letters do not all occur in this order. An empty query fits everything.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let wanted: Vec<char> = query.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let letters: Vec<char> = text.chars().collect();
    let small: Vec<char> = letters.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    if wanted.is_empty() {
        return Some(0);
    }
    let begins = |at: usize| {
        let before = at.checked_sub(1).map(|before| letters[before]);
        before.is_none_or(|before| {
            !before.is_alphanumeric() || before.is_lowercase() && letters[at].is_uppercase()
        })
    };
    // The best way to end with the letter at each place; nothing where it does not occur there.
    let mut ends: Vec<Option<i32>> = vec![None; small.len()];
    for (index, letter) in wanted.iter().enumerate() {
        let mut here = vec![None; small.len()];
        let mut best_before = None::<i32>;
        for at in 0..small.len() {
            if at >= 2 {
                best_before = best_before.max(ends[at - 2]);
            }
            if small[at] != *letter {
                continue;
            }
            let in_a_row = at.checked_sub(1).and_then(|before| ends[before]);
            let from = if index == 0 {
                Some(0)
            } else {
                best_before.max(in_a_row.map(|points| points + IN_A_ROW))
            };
            here[at] = from.map(|points| points + 1 + if begins(at) { WORD_START } else { 0 });
        }
        ends = here;
    }
    let best = ends.into_iter().flatten().max()?;
    let is_whole = small == wanted;
    let length = i32::try_from(letters.len() / LENGTH_PER_POINT).unwrap_or(i32::MAX);
    Some(best - length + if is_whole { WORD_START } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn letters_must_occur_in_order() {
        assert!(score("mm", "Main menu").is_some());
        assert!(score("gdig", "Get digits").is_some());
        assert_eq!(score("xyz", "Main menu"), None);
        assert_eq!(score("um", "Menu"), None);
        assert_eq!(score("", "anything"), Some(0));
    }

    #[test]
    fn beginnings_and_runs_of_letters_are_better() {
        let better = |query: &str, good: &str, bad: &str| {
            assert!(score(query, good) > score(query, bad), "{query}: {good} before {bad}");
        };
        better("menu", "Menu", "Main menu");
        better("menu", "Main menu", "Make new users");
        better("mm", "Main menu", "Comma");
        better("pub", "Publish…", "Play on hubs");
    }
}
