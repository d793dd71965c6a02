//! How many parts a text message is sent in, which is what it costs.
//!
//! GSM 03.38's alphabet takes 7 bits a character: 160 in one part, 153 in each of several; a few signs count as two.
//! One character outside of it makes the whole text UCS-2: 70 in one part, 67 in each of several (Plivo's documentation, "units").

/// How a text is written on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// GSM 03.38, 7 bits a character.
    Gsm7,
    /// 16 bits a character.
    Ucs2,
}

impl Encoding {
    /// How many characters one part holds, and how many each of several does.
    pub fn capacity(self) -> (usize, usize) {
        match self {
            Encoding::Gsm7 => (160, 153),
            Encoding::Ucs2 => (70, 67),
        }
    }
}

/// What a text takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// How it is written.
    pub encoding: Encoding,
    /// Its length as it is counted: some characters count as two.
    pub units: usize,
    /// The number of parts; none for an empty text.
    pub count: usize,
    /// How many more plain characters fit into the last part.
    pub left: usize,
}

/// Counts a text as it will be sent.
pub fn segments(text: &str) -> Segments {
    let encoding = if text.chars().all(is_gsm) { Encoding::Gsm7 } else { Encoding::Ucs2 };
    segments_in(text, encoding)
}

/// The same in a given encoding; characters that the 7 bit alphabet lacks count as one in it.
pub(crate) fn segments_in(text: &str, encoding: Encoding) -> Segments {
    let width = |character: char| match encoding {
        Encoding::Gsm7 => 1 + usize::from(EXTENSION.contains(character)),
        Encoding::Ucs2 => character.len_utf16(),
    };
    let units = text.chars().map(width).sum();
    let (alone, each) = encoding.capacity();
    if units <= alone {
        return Segments { encoding, units, count: usize::from(units > 0), left: alone - units };
    }
    let (mut count, mut filled) = (1, 0);
    for character in text.chars() {
        // A character that counts as two is never cut in half.
        if filled + width(character) > each {
            count += 1;
            filled = 0;
        }
        filled += width(character);
    }
    Segments { encoding, units, count, left: each - filled }
}

/// Whether a character is in GSM 03.38's alphabet or its extension table.
pub fn is_gsm(character: char) -> bool {
    matches!(character, ' '..='~' | '\n' | '\r') && character != '`'
        || BASIC.contains(character)
        || EXTENSION.contains(character)
}

/// What says the same in the 7 bit alphabet, for the characters that word processors and telephones put in by themselves.
pub fn lookalike(character: char) -> Option<&'static str> {
    Some(match character {
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' | '·' => "*",
        '\t' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => " ",
        '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}' => "",
        '×' => "x",
        '→' => "->",
        '™' => "(TM)",
        '©' => "(C)",
        '®' => "(R)",
        _ => return None,
    })
}

/// Beyond ASCII; of ASCII only the backtick is missing, and what stands in [`EXTENSION`] counts twice.
const BASIC: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/// Reached by an escape character, so each counts as two.
const EXTENSION: &str = "^{}\\[~]|€\u{c}";

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> (usize, usize, usize) {
        let segments = segments(text);
        (segments.units, segments.count, segments.left)
    }

    #[test]
    fn parts_are_counted_as_networks_do() {
        for (text, expected) in [
            (String::new(), (0, 0, 160)),
            ("a".repeat(160), (160, 1, 0)),
            ("a".repeat(161), (161, 2, 145)),
            ("a".repeat(306), (306, 2, 0)),
            ("a".repeat(307), (307, 3, 152)),
            ("ñ@£_".repeat(40), (160, 1, 0)),
            ("€".repeat(80), (160, 1, 0)),
            ("[".repeat(81), (162, 2, 143)),
            ("ж".repeat(70), (70, 1, 0)),
            ("ж".repeat(71), (71, 2, 63)),
            ("🎉".repeat(35), (70, 1, 0)),
            ("It’s late.".to_owned(), (10, 1, 60)),
        ] {
            assert_eq!(counted(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_counts_as_two_is_not_cut_in_half() {
        // 152 and the escape would fill a part with half of the sign.
        assert_eq!(counted(&format!("{}€{}", "a".repeat(152), "b".repeat(20))), (174, 2, 131));
        assert_eq!(counted(&format!("{}🎉{}", "ж".repeat(66), "б".repeat(20))), (88, 2, 45));
    }

    #[test]
    fn the_alphabet_is_that_of_gsm_03_38() {
        // 128 places less the escape, and ten signs behind it.
        let all = (0..=0xffff).filter_map(char::from_u32).filter(|character| is_gsm(*character));
        assert_eq!(all.count(), 127 + 10);
        for character in "`çáœ’\t".chars() {
            assert!(!is_gsm(character), "{character}");
        }
        for character in "’–…•\u{a0}„×™\u{200b}".chars() {
            let plain = lookalike(character).unwrap();
            assert!(plain.chars().all(is_gsm) && !is_gsm(character), "{character}");
        }
    }
}
