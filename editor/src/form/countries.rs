//! Numbers of the world: which country a number belongs to, and how a number written at home is written for everywhere (E.164).

/// Calling codes with the countries behind them, the largest first. `NANP` shares 1, and 7 is shared by two; see [`country_of`].
const CODES: &str = "\
1 US CA PR DO JM TT BS BB BM KY GD LC VC AG DM KN VG VI TC MS AI GU AS MP SX|7 RU KZ|20 EG|27 ZA|30 GR|31 NL|32 BE|33 FR|34 ES|36 HU|39 IT VA|40 RO|41 CH|43 AT|\
44 GB GG JE IM|45 DK|46 SE|47 NO SJ|48 PL|49 DE|51 PE|52 MX|53 CU|54 AR|55 BR|56 CL|57 CO|58 VE|60 MY|61 AU|62 ID|63 PH|64 NZ|65 SG|66 TH|81 JP|82 KR|84 VN|\
86 CN|90 TR|91 IN|92 PK|93 AF|94 LK|95 MM|98 IR|211 SS|212 MA EH|213 DZ|216 TN|218 LY|220 GM|221 SN|222 MR|223 ML|224 GN|225 CI|226 BF|227 NE|228 TG|229 BJ|\
230 MU|231 LR|232 SL|233 GH|234 NG|235 TD|236 CF|237 CM|238 CV|239 ST|240 GQ|241 GA|242 CG|243 CD|244 AO|245 GW|246 IO|248 SC|249 SD|250 RW|251 ET|252 SO|\
253 DJ|254 KE|255 TZ|256 UG|257 BI|258 MZ|260 ZM|261 MG|262 RE YT|263 ZW|264 NA|265 MW|266 LS|267 BW|268 SZ|269 KM|290 SH|291 ER|297 AW|298 FO|299 GL|350 GI|\
351 PT|352 LU|353 IE|354 IS|355 AL|356 MT|357 CY|358 FI AX|359 BG|370 LT|371 LV|372 EE|373 MD|374 AM|375 BY|376 AD|377 MC|378 SM|380 UA|381 RS|382 ME|383 XK|\
385 HR|386 SI|387 BA|389 MK|420 CZ|421 SK|423 LI|500 FK|501 BZ|502 GT|503 SV|504 HN|505 NI|506 CR|507 PA|508 PM|509 HT|590 GP BL MF|591 BO|592 GY|593 EC|\
594 GF|595 PY|596 MQ|597 SR|598 UY|599 CW BQ|670 TL|672 NF|673 BN|674 NR|675 PG|676 TO|677 SB|678 VU|679 FJ|680 PW|681 WF|682 CK|683 NU|685 WS|686 KI|687 NC|\
688 TV|689 PF|690 TK|691 FM|692 MH|850 KP|852 HK|853 MO|855 KH|856 LA|880 BD|886 TW|960 MV|961 LB|962 JO|963 SY|964 IQ|965 KW|966 SA|967 YE|968 OM|970 PS|\
971 AE|972 IL|973 BH|974 QA|975 BT|976 MN|977 NP|992 TJ|993 TM|994 AZ|995 GE|996 KG|998 UZ";

/// Area codes of countries that share 1 with the United States.
const NANP: &[(&str, &str)] = &[
    (
        "CA",
        "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905",
    ),
    ("PR", "787 939"),
    ("DO", "809 829 849"),
    ("JM", "658 876"),
    ("TT", "868"),
    ("BS", "242"),
    ("BB", "246"),
    ("BM", "441"),
    ("KY", "345"),
    ("GD", "473"),
    ("LC", "758"),
    ("VC", "784"),
    ("AG", "268"),
    ("DM", "767"),
    ("KN", "869"),
    ("VG", "284"),
    ("VI", "340"),
    ("TC", "649"),
    ("MS", "664"),
    ("AI", "264"),
    ("GU", "671"),
    ("AS", "684"),
    ("MP", "670"),
    ("SX", "721"),
];

/// What people dial before a number within their country, where it is not `0`. Italy, San Marino and the Vatican keep their zeros.
const TRUNKS: &[(&str, &str)] = &[
    ("US", "1"),
    ("CA", "1"),
    ("RU", "8"),
    ("KZ", "8"),
    ("BY", "8"),
    ("TM", "8"),
    ("HU", "06"),
    ("MX", "01"),
    ("IT", ""),
    ("SM", ""),
    ("VA", ""),
];

const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;

/// What somebody typed where a number is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing, or something that is not a number: a value to be filled in, a SIP address, a name.
    Other,
    /// A number as the network writes it: its calling code and, where known, its country.
    International {
        /// Without spaces and signs, with `+`.
        e164: String,
        /// Such as `49`.
        code: &'static str,
        /// Such as `DE`.
        country: &'static str,
    },
    /// A number as it is dialled at home; its country is not known.
    National,
    /// It begins with `+` but no country has this code.
    NoSuchCode,
    /// It has too few digits for any number.
    TooShort,
    /// It has more digits than any number.
    TooLong,
}

/// What a text is.
pub fn typed(text: &str) -> Typed {
    let text = text.trim();
    let is_number = text
        .chars()
        .all(|character| character.is_ascii_digit() || "+ -()./\u{a0}".contains(character));
    if !is_number || !text.contains(|character: char| character.is_ascii_digit()) {
        return Typed::Other;
    }
    let digits = digits_of(text);
    let international =
        if text.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    match international {
        None if digits.len() > DIGITS_MAX => Typed::TooLong,
        // Short numbers, such as those of a switchboard or for texts, are complete as they stand.
        None if digits.len() < DIGITS_MIN => Typed::Other,
        None => Typed::National,
        Some(digits) if digits.len() > DIGITS_MAX => Typed::TooLong,
        Some(digits) => match country_of(digits) {
            None if digits.len() < 3 => Typed::TooShort,
            None => Typed::NoSuchCode,
            Some(("1", _)) if digits.len() < 11 => Typed::TooShort,
            Some(("1", _)) if digits.len() > 11 => Typed::TooLong,
            Some(_) if digits.len() < DIGITS_MIN => Typed::TooShort,
            Some((code, country)) => {
                Typed::International { e164: format!("+{digits}"), code, country }
            }
        },
    }
}

/// A number dialled at home, as the network writes it; nothing if it cannot be one.
pub fn from_home(text: &str, country: &str) -> Option<String> {
    let code = code_of(country)?;
    let digits = digits_of(text);
    let trunk = TRUNKS.iter().find(|(of, _)| *of == country).map_or("0", |(_, trunk)| trunk);
    let home = if country == "US" || country == "CA" {
        // Ten digits are complete; the eleventh in front is the trunk.
        if digits.len() == 11 { digits.strip_prefix(trunk)? } else { digits.as_str() }
    } else {
        digits.strip_prefix(trunk).unwrap_or(&digits)
    };
    let number = format!("+{code}{home}");
    matches!(typed(&number), Typed::International { .. }).then_some(number)
}

/// The calling code of a country.
pub fn code_of(country: &str) -> Option<&'static str> {
    entries()
        .find(|(_, countries)| countries.split(' ').any(|known| known == country))
        .map(|(code, _)| code)
}

/// Every country with its calling code.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    entries().flat_map(|(code, countries)| countries.split(' ').map(move |country| (country, code)))
}

fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    CODES.split('|').filter_map(|entry| entry.split_once(' '))
}

/// The calling code and the country of digits that follow `+`.
fn country_of(digits: &str) -> Option<(&'static str, &'static str)> {
    let (code, countries) = entries().find(|(code, _)| digits.starts_with(code))?;
    let rest = &digits[code.len()..];
    let first = countries.split(' ').next()?;
    let country = match code {
        "1" => {
            let area = rest.get(..3).unwrap_or_default();
            let of_area =
                NANP.iter().find(|(_, areas)| areas.split(' ').any(|known| known == area));
            of_area.map_or(first, |(country, _)| country)
        }
        "7" if rest.starts_with(['6', '7']) => "KZ",
        "44" if rest.starts_with("1481") => "GG",
        "44" if rest.starts_with("1534") => "JE",
        "44" if rest.starts_with("1624") => "IM",
        "39" if rest.starts_with("06698") => "VA",
        _ => first,
    };
    Some((code, country))
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(text: &str) -> &'static str {
        match typed(text) {
            Typed::International { country, .. } => country,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_number_tells_its_country() {
        assert_eq!(country("+49 30 123456"), "DE");
        assert_eq!(country("+15550100000"), "US");
        assert_eq!(country("+1 (416) 555-0100"), "CA");
        assert_eq!(country("+1 876 555 0100"), "JM");
        assert_eq!(country("+7 701 1234567"), "KZ");
        assert_eq!(country("0044 20 7946 0000"), "GB");
        assert_eq!(country("+3906698 12345"), "VA");
    }

    #[test]
    fn what_is_no_whole_number_is_told_apart() {
        assert_eq!(typed("{{ to }}"), Typed::Other);
        assert_eq!(typed("sip:desk@example.com"), Typed::Other);
        assert_eq!(typed(""), Typed::Other);
        assert_eq!(typed("74600"), Typed::Other);
        assert_eq!(typed("030 1234567"), Typed::National);
        assert_eq!(typed("+1555010000"), Typed::TooShort);
        assert_eq!(typed("+155501000001"), Typed::TooLong);
        assert_eq!(typed("+999 12345678"), Typed::NoSuchCode);
        assert_eq!(typed("+4912345678901234"), Typed::TooLong);
    }

    #[test]
    fn numbers_dialled_at_home_are_written_for_everywhere() {
        assert_eq!(from_home("030 1234567", "DE").as_deref(), Some("+49301234567"));
        assert_eq!(from_home("(555) 010-0000", "US").as_deref(), Some("+15550100000"));
        assert_eq!(from_home("1 555 010 0000", "US").as_deref(), Some("+15550100000"));
        assert_eq!(from_home("06 1 234 5678", "HU").as_deref(), Some("+3612345678"));
        assert_eq!(from_home("06 6982", "IT").as_deref(), Some("+39066982"));
        assert_eq!(from_home("8 (701) 123-45-67", "KZ").as_deref(), Some("+77011234567"));
        assert_eq!(from_home("555 0100", "US"), None);
        assert_eq!(from_home("1", "nowhere"), None);
    }

    #[test]
    fn no_calling_code_begins_another_and_no_country_stands_twice() {
        let codes: Vec<_> = entries().map(|(code, _)| code).collect();
        for (index, code) in codes.iter().enumerate() {
            let begins = |other: &(usize, &&str)| other.0 != index && other.1.starts_with(code);
            assert_eq!(codes.iter().enumerate().find(begins), None, "{code}");
        }
        let mut countries: Vec<_> = all().map(|(country, _)| country).collect();
        countries.sort_unstable();
        let count = countries.len();
        countries.dedup();
        assert_eq!(
            (count, countries.iter().all(|country| country.len() == 2)),
            (countries.len(), true)
        );
        assert!(NANP.iter().all(|(country, _)| code_of(country) == Some("1")));
    }
}
