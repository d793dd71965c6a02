//! The component manual: one page for each component, made from its specification and the transcript in its module's documentation.

use engine::component::{Control, Group, Spec};
use std::fmt::Write as _;

/// Pages begin with this, so that nobody mends a copy.
const NOTICE: &str =
    "<!-- Written by `cargo xtask codegen` from engine/src/components. Change it there. -->\n\n";

/// The list of all pages, in palette order.
pub(super) fn index(specs: &[&Spec]) -> String {
    let mut page = format!("{NOTICE}# Components\n");
    let mut group = None;
    for spec in specs {
        if group != Some(spec.group) {
            group = Some(spec.group);
            let _ = write!(page, "\n## {}\n\n", title(spec.group));
        }
        let _ = writeln!(page, "- [{}]({}.md): {}", spec.label, spec.kind, spec.summary);
    }
    page
}

/// The page of one component. `source` is its Rust file.
pub(super) fn page(spec: &Spec, source: &str) -> String {
    let mut page = format!("{NOTICE}# {}\n\n{}\n\n{}\n\n", spec.label, spec.summary, spec.help);
    let _ = write!(page, "Kind `{}`, in the group {}", spec.kind, title(spec.group));
    let aliases: Vec<_> = spec.aliases.iter().map(|alias| format!("`{alias}`")).collect();
    if !aliases.is_empty() {
        let _ = write!(page, "; also known as {}", aliases.join(", "));
    }
    page += ".\n";
    if !spec.fields.is_empty() {
        page += "\n## Configuration\n\n| key | field | value | |\n|---|---|---|---|\n";
        for field in spec.fields {
            let required = if field.is_required { ", required" } else { "" };
            let _ = writeln!(
                page,
                "| `{}` | {} | {}{required} | {} |",
                field.key,
                cell(field.label),
                cell(&control(field.control)),
                cell(field.help)
            );
        }
        let _ = write!(page, "\n```json\n{}\n```\n", pretty(spec.example));
    }
    page += &ways_out(spec);
    if !spec.variables.is_empty() {
        page += "\n## What it leaves for later nodes\n\n| variable | holds |\n|---|---|\n";
        for variable in spec.variables {
            let _ =
                writeln!(page, "| `{{{{ Name.{} }}}}` | {} |", variable.name, cell(variable.help));
        }
    }
    let transcripts = transcripts(source);
    if !transcripts.is_empty() {
        page += "\n## Runs, told\n\nWhat happens begins with `>`, what the run asks for with `<`; `->` names the way out that is taken.\n";
        for transcript in transcripts {
            let _ = write!(page, "\n```flow\n{transcript}```\n");
        }
    }
    page
}

fn ways_out(spec: &Spec) -> String {
    let mut section = String::from("\n## Ways out\n\n");
    if spec.states.is_empty() && !spec.is_voice {
        return section + "They follow from the configuration, or there is none.\n";
    }
    section += "| state | name | taken when |\n|---|---|---|\n";
    for state in spec.states {
        let _ = writeln!(
            section,
            "| `{}` | {} | {} |",
            state.name,
            cell(state.label),
            cell(state.help)
        );
    }
    if spec.is_voice {
        section += "| `hung_up` | Hung up | the caller is gone; unconnected, this line of the run ends |\n";
    }
    section
}

/// The ```` ```flow ```` blocks of the module documentation.
fn transcripts(source: &str) -> Vec<String> {
    let mut transcripts = Vec::new();
    let mut open: Option<String> = None;
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match &mut open {
            None if line.starts_with("```flow") => open = Some(String::new()),
            None => {}
            Some(_) if line.starts_with("```") => transcripts.extend(open.take()),
            Some(transcript) => {
                transcript.push_str(line);
                transcript.push('\n');
            }
        }
    }
    transcripts
}

fn title(group: Group) -> String {
    let name = group.as_str();
    name[..1].to_uppercase() + &name[1..]
}

/// What a value looks like, in a few words.
fn control(control: Control) -> String {
    match control {
        Control::Texts => "texts with `{{ }}`, a list".to_owned(),
        Control::Names => "names of ways out, a list of texts".to_owned(),
        Control::Replies => "rows of `name` and `accepts`, a list of answers".to_owned(),
        Control::Sender => {
            "a number, a name of up to 11 letters, or the id of a Powerpack, with `{{ }}`".to_owned()
        }
        Control::Pattern => "a regular expression".to_owned(),
        Control::Script => "a rhai script".to_owned(),
        Control::Sql => "an SQL statement with `?` for each parameter".to_owned(),
        Control::Json => "JSON whose texts may hold `{{ }}`".to_owned(),
        Control::Secret => "`{ \"$secret\": name }`, or text with `{{ }}`".to_owned(),
        Control::Workflow => "the id of a workflow".to_owned(),
        Control::Connection => "the name of a database connection of the server".to_owned(),
        Control::TimeZone => "an IANA time zone, such as `Europe/Berlin`".to_owned(),
        Control::Hours => {
            "days `mon` to `sun` with lists of spans such as `09:00-17:00`".to_owned()
        }
        Control::Holidays => {
            "rows of `date` (`2026-12-24`, or `12-25` for each year), `name` and `hours`".to_owned()
        }
        Control::Schedule => "`cron` and `time_zone`".to_owned(),
        Control::Template => "text with `{{ }}`".to_owned(),
        Control::LongTemplate => "text with `{{ }}`, several lines".to_owned(),
        Control::Receiver => "a number or SIP address, with `{{ }}`".to_owned(),
        Control::Receivers => "numbers or SIP addresses: text with commas, or a list".to_owned(),
        Control::Url => "a web address, with `{{ }}`".to_owned(),
        Control::Urls => "web addresses, a list".to_owned(),
        Control::Expression => "a rhai formula".to_owned(),
        Control::Number { min, max, default, unit } => format!("{unit}, {min} to {max}; {default} if left out"),
        Control::Toggle { default } => format!("`true` or `false`; `{default}` if left out"),
        Control::Choice(choices) => {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("{}; the first if left out", names.join(", "))
        }
        Control::Keys => "keys of a telephone, as text".to_owned(),
        Control::Key => "one key of a telephone, or empty".to_owned(),
        Control::Prompt => "`{ \"speak\": … }` or `{ \"play\": … }`, with `voice` and `language`".to_owned(),
        Control::Voice => "a voice".to_owned(),
        Control::Language => "a language".to_owned(),
        Control::Params => "name → `{ required, default, type, description }`".to_owned(),
        Control::Cases => "rows: `name` and a test (`equals`, `in`, `matches`, `less_than`, `at_least`, `starts_with`, `contains`, `when`)".to_owned(),
        Control::Choices => "rows: `key` and `label`".to_owned(),
        Control::Assignments => "name → text with `{{ }}`".to_owned(),
        Control::Pairs => "name → text with `{{ }}`".to_owned(),
        Control::HttpBody => "`{ \"json\": … }`, `{ \"form\": … }` or `{ \"text\": … }`".to_owned(),
        Control::HttpAuth => "`{ \"basic\": { \"user\", \"password\" } }` or `{ \"bearer\": … }`".to_owned(),
        Control::HttpExpect => "`{ \"content_type\": …, \"keys\": […] }`".to_owned(),
        Control::Moment => "a moment (RFC 3339), with `{{ }}`".to_owned(),
    }
}

/// The example as people would write it; as it stands if it is not JSON, which the engine's own tests refuse.
fn pretty(example: &str) -> String {
    serde_json::from_str::<serde_json::Value>(example)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| example.to_owned())
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::transcripts;

    #[test]
    fn the_transcripts_are_the_flow_blocks_of_the_module_documentation() {
        let source = "//! Says something.\n//!\n//! ```flow\n//! > incoming_call\n//! = completed\n//! ```\n//! Or:\n//! ```flow\n//! > x\n//! ```\nuse x;\n";
        assert_eq!(transcripts(source), ["> incoming_call\n= completed\n", "> x\n"]);
        assert!(transcripts("//! Says nothing.\n").is_empty());
    }
}
