//! Filters that liquid does not bring, or brings in a way that does not fit here.
//!
//! Liquid's own `date` reads the clock when it is given "now", so a replayed run would say something else; and it and `strip_html` bring in a
//! regular-expression library that made the editor's first load a fifth larger.

use jiff::{Timestamp, civil::Time, fmt::strtime, fmt::temporal::Pieces, tz};
use liquid_core::{
    Display_filter, Error, Expression, Filter, FilterParameters, FilterReflection,
    FromFilterParameters, ParseFilter, Result, Runtime, Value, ValueView,
};

#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(name = "json", description = "The value as JSON text.", parsed(JsonFilter))]
pub(super) struct Json;

#[derive(Debug, Default, Display_filter)]
#[name = "json"]
pub(super) struct JsonFilter;

impl Filter for JsonFilter {
    fn evaluate(&self, input: &dyn ValueView, _runtime: &dyn Runtime) -> Result<Value> {
        // Through a value of our own, whose maps are in order: Liquid's are in another order each time.
        let json = serde_json::to_value(input.to_value()).unwrap_or_default();
        Ok(Value::scalar(json.to_string()))
    }
}

#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(
    name = "commas",
    description = "The items of a list with commas between them; anything else as it is.",
    parsed(CommasFilter)
)]
pub(super) struct Commas;

#[derive(Debug, Default, Display_filter)]
#[name = "commas"]
pub(super) struct CommasFilter;

impl Filter for CommasFilter {
    fn evaluate(&self, input: &dyn ValueView, _runtime: &dyn Runtime) -> Result<Value> {
        let Some(items) = input.as_array() else { return Ok(input.to_value()) };
        let items: Vec<String> = items.values().map(|item| item.to_kstr().into_string()).collect();
        Ok(Value::scalar(items.join(",")))
    }
}

#[derive(Debug, FilterParameters)]
pub(super) struct DateArgs {
    #[parameter(description = "The form to write it in, such as `%H:%M`.", arg_type = "str")]
    format: Expression,
}

#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(
    name = "date",
    description = "A date or moment in another form; what is none stays as it is.",
    parameters(DateArgs),
    parsed(DateFilter)
)]
pub(super) struct Date;

#[derive(Debug, FromFilterParameters, Display_filter)]
#[name = "date"]
pub(super) struct DateFilter {
    #[parameters]
    args: DateArgs,
}

impl Filter for DateFilter {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let args = self.args.evaluate(runtime)?;
        let Some(moment) = moment(&input.to_kstr()).filter(|_| !args.format.is_empty()) else {
            return Ok(input.to_value());
        };
        let text = strtime::format(args.format.as_str(), &moment)
            .map_err(|_| Error::with_msg(format!("no date can be written as `{}`", args.format)))?;
        Ok(Value::scalar(text))
    }
}

/// A moment as files and services write it: seconds since 1970, RFC 3339 with or without its time and offset, or one of the forms that
/// liquid knows besides. Without an offset it is UTC.
fn moment(text: &str) -> Option<jiff::Zoned> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(Timestamp::from_second(seconds).ok()?.to_zoned(tz::TimeZone::UTC));
    }
    // "2030-01-31 09:00:00 +0100": the standard has no space before the offset.
    let joined = text.replacen(" +", "+", 1);
    if let Ok(pieces) = Pieces::parse(&joined) {
        let offset = pieces.to_numeric_offset().unwrap_or(tz::Offset::UTC);
        let at = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
        return at.to_zoned(tz::TimeZone::fixed(offset)).ok();
    }
    let forms =
        ["%d %b %Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%a %b %d %H:%M:%S %Y"];
    forms.iter().find_map(|form| {
        let with_offset = strtime::parse(format!("{form} %z"), text);
        let parsed = with_offset.or_else(|_| strtime::parse(form, text)).ok()?;
        let offset = parsed.offset().unwrap_or(tz::Offset::UTC);
        parsed.to_datetime().ok()?.to_zoned(tz::TimeZone::fixed(offset)).ok()
    })
}

#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(
    name = "strip_html",
    description = "The text without its tags, scripts, styles and comments.",
    parsed(StripHtmlFilter)
)]
pub(super) struct StripHtml;

#[derive(Debug, Default, Display_filter)]
#[name = "strip_html"]
pub(super) struct StripHtmlFilter;

impl Filter for StripHtmlFilter {
    fn evaluate(&self, input: &dyn ValueView, _runtime: &dyn Runtime) -> Result<Value> {
        Ok(Value::scalar(without_tags(&input.to_kstr())))
    }
}

/// What goes with its contents, and where it ends.
const WITH_CONTENTS: [(&str, &str); 3] =
    [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")];

fn without_tags(text: &str) -> String {
    // ASCII case has no influence on lengths, so places in one are places in the other.
    let lower = text.to_ascii_lowercase();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(open) = lower[at..].find('<').map(|found| at + found) {
        let tag = &lower[open..];
        let ends = WITH_CONTENTS.iter().filter(|(begin, _)| tag.starts_with(begin));
        let end =
            ends.map(|(_, end)| *end).chain([">"]).find_map(|end| Some(tag.find(end)? + end.len()));
        // An open bracket that nothing closes is text.
        let Some(length) = end else { break };
        plain.push_str(&text[at..open]);
        at = open + length;
    }
    plain.push_str(&text[at..]);
    plain
}

#[cfg(test)]
mod tests {
    use super::{moment, without_tags};
    use jiff::fmt::strtime;

    #[test]
    fn a_moment_is_read_in_every_usual_form_and_keeps_its_offset() {
        for (text, expected) in [
            ("2030-01-31T09:05:00Z", "2030-01-31 09:05 +0000"),
            ("2030-01-31T09:05:00.25+01:00", "2030-01-31 09:05 +0100"),
            ("2030-01-31 09:05:00 +0100", "2030-01-31 09:05 +0100"),
            ("2030-01-31 09:05:00", "2030-01-31 09:05 +0000"),
            ("2030-01-31", "2030-01-31 00:00 +0000"),
            ("1895994300", "2030-01-30 09:05 +0000"),
            ("31 Jan 2030 09:05:00", "2030-01-31 09:05 +0000"),
            ("31 January 2030 09:05:00 -0500", "2030-01-31 09:05 -0500"),
            ("01/31/2030 09:05:00", "2030-01-31 09:05 +0000"),
            ("Thu Jan 31 09:05:00 2030", "2030-01-31 09:05 +0000"),
        ] {
            let moment = moment(text).unwrap_or_else(|| panic!("{text} is a moment"));
            assert_eq!(strtime::format("%Y-%m-%d %H:%M %z", &moment).unwrap(), expected, "{text}");
        }
        for text in ["", "now", "today", "soon", "2030-02-31"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn tags_go_with_what_nobody_should_hear() {
        let html =
            "<!-- a > b --><p class='x'>All <b>fine</b></p><SCRIPT>if (a<b) {}</script> 3 < 4";
        assert_eq!(without_tags(html), "All fine 3 < 4");
    }
}
