//! Asks a database and keeps the rows it gives.
//!
//! ```flow
//! > api_request {"phone": "+14155550100"}
//! < query_database crm "select name, plan from customers where phone = ?" ["+14155550100"]
//! > done {"rows": [{"name": "Ada", "plan": "gold"}, {"name": "Bo", "plan": "basic"}], "row_count": 2}
//! -> rows
//! ? It.row.name = Ada
//! ? It.rows[1].name = Bo
//! ? It.row_count = 2
//! = completed
//! ```
//!
//! What a caller says is only ever a parameter: it cannot become part of the statement.
//!
//! ```flow
//! config {"connection": "crm", "sql": "select 1 from t where a = ? and b = ?", "params": ["{{ a }}", "{{ b }}"]}
//! > api_request {"a": "' or 1=1 --", "b": 7}
//! < query_database crm "select 1 from t where a = ? and b = ?" ["' or 1=1 --",7]
//! > done {"rows": [], "row_count": 0}
//! -> empty
//! ? It.row.name =
//! = completed
//! ```
//!
//! ```flow
//! > api_request {"phone": "+14155550100"}
//! < query_database crm "select name, plan from customers where phone = ?" ["+14155550100"]
//! > not_done "there is no table customers"
//! -> failed
//! ? It.error = there is no table customers
//! = completed
//! ```

use crate::component::{
    Component, Control, Field, Group, Problems, Spec, State, Step, Variable, leave,
};
use crate::{
    effect::{Effect, QueryDatabase},
    event::Event,
    limits,
    run::Ctx,
    template::Template,
    value::Value,
};
use serde::Deserialize;

/// The configuration of `database_query`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabaseQuery {
    connection: String,
    sql: String,
    #[serde(default)]
    params: Vec<Template>,
    #[serde(default = "max_rows")]
    max_rows: u32,
    #[serde(default = "timeout_s")]
    timeout_s: u32,
}

fn max_rows() -> u32 {
    100
}

fn timeout_s() -> u32 {
    10
}

impl Component for DatabaseQuery {
    const SPEC: Spec = Spec {
        kind: "database_query",
        label: "Database query",
        summary: "Asks a database and keeps the rows it gives.",
        group: Group::Integrate,
        aliases: &["db_query", "database", "sql_query", "sql"],
        help: "The operator sets up connections by name; they can only read. Write ? in the statement for each value and list the values below it: \
               they are handed over apart, so that no caller can change the statement.",
        example: r#"{ "connection": "crm", "sql": "select name, plan from customers where phone = ?", "params": ["{{ phone }}"] }"#,
        fields: &[
            Field::required(
                "connection",
                "Database",
                "The name of the connection, as the operator set it up.",
                Control::Connection,
            ),
            Field::required(
                "sql",
                "Statement",
                "A select statement, with ? for each value.",
                Control::Sql,
            ),
            Field::optional(
                "params",
                "Values",
                "What stands for each ?, in order; {{ }} fills in values.",
                Control::Texts,
            ),
            Field::optional(
                "max_rows",
                "At most",
                "How many rows to keep.",
                Control::Number { min: 1, max: 1_000, default: 100, unit: "rows" },
            ),
            Field::optional(
                "timeout_s",
                "Give up after",
                "How long the answer may take.",
                Control::Number { min: 1, max: 60, default: 10, unit: "seconds" },
            ),
        ],
        states: &[
            State::new("rows", "Rows", "there is at least one row"),
            State::new("empty", "Empty", "there is none"),
            State::new(
                "failed",
                "Failed",
                "the database could not be asked, or refused the statement",
            ),
        ],
        variables: &[
            Variable::new("row", "the first row: its columns by name"),
            Variable::new("rows", "all rows, a list"),
            Variable::new("row_count", "how many rows there are"),
            Variable::new("error", "why it failed"),
        ],
        waits: true,
        ..Spec::BASE
    };

    fn check(&self, problems: &mut Problems<'_>) {
        if self.sql.contains("{{") || self.sql.contains("{%") {
            problems.error(
                "values_in_sql",
                "sql",
                "Values cannot be filled into the statement itself: what a caller says could change it.",
                "Write ? in its place and put the value into Values.",
            );
            return;
        }
        let statement = Statement::of(&self.sql);
        if !statement.reads {
            problems.error(
                "bad_sql",
                "sql",
                "The statement does not begin with select, with or values.",
                "A database can only be asked. To change something, ask its own service with an HTTP request.",
            );
        }
        if statement.is_several {
            problems.error(
                "bad_sql",
                "sql",
                "There is more than one statement.",
                "Keep the first; use another step for the next.",
            );
        }
        if statement.places != self.params.len() {
            problems.error(
                "sql_params",
                "params",
                format!(
                    "The statement has {} question marks, and there are {} values.",
                    statement.places,
                    self.params.len()
                ),
                "Give each question mark its value, in order.",
            );
        }
    }

    fn summary(&self) -> String {
        let sql = self.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}: {sql}", self.connection)
    }

    fn enter(&self, ctx: &mut Ctx<'_>) -> Step {
        let params = self.params.iter().map(|param| ctx.evaluate(param)).collect();
        let query = QueryDatabase {
            connection: self.connection.trim().to_owned(),
            sql: self.sql.clone(),
            params,
            rows_max: self.max_rows,
            timeout_s: self.timeout_s,
        };
        let timeout_s = u64::from(self.timeout_s) + limits::HTTP_GRACE_S;
        ctx.ask_within(Effect::QueryDatabase(query), timeout_s);
        Step::Wait
    }

    fn resume(&self, ctx: &mut Ctx<'_>, event: &Event) -> Step {
        match event {
            Event::EffectDone { values, .. } => {
                let rows = values.get("rows").cloned().unwrap_or_default();
                let first = match &rows {
                    Value::List(rows) => rows.first().cloned().unwrap_or_default(),
                    _ => Value::Null,
                };
                let state = if first == Value::Null { "empty" } else { "rows" };
                keep(ctx, rows, first, "");
                leave(state)
            }
            Event::EffectFailed { reason, .. } | Event::EffectUnknown { reason, .. } => {
                keep(ctx, Value::Null, Value::Null, reason);
                leave("failed")
            }
            Event::Woke => {
                keep(ctx, Value::Null, Value::Null, "no answer came");
                leave("failed")
            }
            _ => Step::Wait,
        }
    }
}

fn keep(ctx: &mut Ctx<'_>, rows: Value, first: Value, error: &str) {
    let count = match &rows {
        Value::List(rows) => i64::try_from(rows.len()).unwrap_or(i64::MAX),
        _ => 0,
    };
    ctx.set("rows", rows);
    ctx.set("row", first);
    ctx.set("row_count", count);
    ctx.set("error", error);
}

/// What can be told of a statement without knowing the database: quoted texts and remarks do not count.
struct Statement {
    places: usize,
    reads: bool,
    is_several: bool,
}

impl Statement {
    fn of(sql: &str) -> Statement {
        let bare = bare(sql);
        let first = bare.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let word = first.trim_start_matches('(');
        Statement {
            places: bare.matches('?').count(),
            reads: ["select", "with", "values"].contains(&word.trim_end_matches('*')),
            is_several: bare.trim().trim_end_matches(';').contains(';'),
        }
    }
}

/// A statement without its quoted texts, quoted names and remarks.
fn bare(sql: &str) -> String {
    let mut bare = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let (end, replacement) = match character {
            '\'' | '"' | '`' => (rest[1..].find(character).map(|end| end + 2), "_"),
            '-' if rest.starts_with("--") => (rest.find('\n'), " "),
            '/' if rest.starts_with("/*") => (rest.find("*/").map(|end| end + 2), " "),
            _ => {
                bare.push(character);
                rest = &rest[character.len_utf8()..];
                continue;
            }
        };
        bare.push_str(replacement);
        rest = end.map_or("", |end| &rest[end..]);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_in_texts_and_remarks_are_no_parameters() {
        for (sql, places, reads, is_several) in [
            ("select 1", 0, true, false),
            ("SELECT a FROM t WHERE b = ? AND c = 'why?' -- and d = ?", 1, true, false),
            ("with x as (select ?) select * from x;", 1, true, false),
            ("select \"a?b\" /* ? */ from t where c in (?, ?)", 2, true, false),
            ("select 'it''s ?' , ?", 1, true, false),
            ("update t set a = ?", 1, false, false),
            ("select 1; drop table t", 0, true, true),
            ("/* x */ delete from t", 0, false, false),
            ("select 'open", 0, true, false),
            ("", 0, false, false),
        ] {
            let found = Statement::of(sql);
            assert_eq!(
                (found.places, found.reads, found.is_several),
                (places, reads, is_several),
                "{sql}"
            );
        }
    }
}
