//! A statement as a workflow has it: one, that reads, with `?` for each parameter. Question marks in literals and comments are none.

/// Statements longer than this hold data that should be a parameter.
const BYTES_MAX: usize = 32 * 1024;

/// How a statement may begin: with what only reads. The database refuses writing as well.
const BEGINNINGS: [&str; 3] = ["select", "with", "values"];

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// A statement between whose pieces stand its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pieces: Vec<String>,
}

/// Walks through the text.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Statement {
    /// Takes a statement apart.
    ///
    /// # Errors
    /// A sentence that says why it is refused.
    pub(super) fn read(sql: &str, dialect: Dialect) -> Result<Statement, String> {
        if sql.len() > BYTES_MAX {
            return Err(format!("the statement has more than {} KiB", BYTES_MAX / 1024));
        }
        if sql.contains('\0') {
            return Err("the statement holds a character that no database takes".to_owned());
        }
        let mut scanner = Scanner { text: sql, at: 0 };
        let mut pieces = vec![String::new()];
        let mut first_word = None;
        let mut is_over = false;
        while let Some(character) = scanner.peek() {
            let from = scanner.at;
            if scanner.skip_comment(dialect)? || character.is_whitespace() {
                if scanner.at == from {
                    scanner.take();
                }
            } else if is_over {
                return Err("a node asks one statement; this text holds several".to_owned());
            } else if character == ';' {
                scanner.take();
                is_over = true;
                continue;
            } else if first_word.is_none() {
                let word = scanner.word();
                if !BEGINNINGS.contains(&word.to_lowercase().as_str()) {
                    return Err(
                        "the statement has to begin with select, with or values: databases are only read"
                            .to_owned(),
                    );
                }
                first_word = Some(word);
            } else if scanner.skip_literal(dialect)? {
            } else if character == '?' {
                scanner.take();
                if dialect == Dialect::Postgres && scanner.peek() == Some('?') {
                    // The way of JDBC to write an operator of PostgreSQL that is a question mark.
                    scanner.take();
                    last(&mut pieces).push('?');
                } else {
                    pieces.push(String::new());
                }
                continue;
            } else if character.is_alphanumeric() || character == '_' {
                scanner.word();
            } else {
                scanner.take();
            }
            last(&mut pieces).push_str(&sql[from..scanner.at]);
        }
        if first_word.is_none() {
            return Err("the statement is empty".to_owned());
        }
        Ok(Statement { pieces })
    }

    /// How many parameters it takes.
    pub(super) fn params(&self) -> usize {
        self.pieces.len() - 1
    }

    /// The statement with its parameters written in a way; they count from 1.
    pub(super) fn written(&self, mut param: impl FnMut(usize) -> String) -> String {
        let mut text = String::new();
        for (position, piece) in self.pieces.iter().enumerate() {
            if position > 0 {
                text.push_str(&param(position));
            }
            text.push_str(piece);
        }
        text
    }
}

fn last(pieces: &mut [String]) -> &mut String {
    pieces.last_mut().expect("there is a piece from the beginning")
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// A word: letters, digits, `_` and `$` after the first.
    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
            .unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end.max(self.peek().map_or(0, char::len_utf8));
        word
    }

    fn skip_comment(&mut self, dialect: Dialect) -> Result<bool, String> {
        if self.rest().starts_with("--") {
            self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
            return Ok(true);
        }
        if !self.rest().starts_with("/*") {
            return Ok(false);
        }
        let mut depth = 0;
        loop {
            if self.rest().starts_with("/*") && (depth == 0 || dialect == Dialect::Postgres) {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(true);
                }
            } else if self.take().is_none() {
                return Err("a comment of the statement is not closed".to_owned());
            }
        }
    }

    /// Skips a literal or a quoted name, if one begins here.
    fn skip_literal(&mut self, dialect: Dialect) -> Result<bool, String> {
        let rest = self.rest();
        let is_escaping =
            dialect == Dialect::Postgres && (rest.starts_with("e'") || rest.starts_with("E'"));
        if is_escaping {
            self.at += 1;
        }
        match self.peek() {
            Some('\'') => self.skip_quoted('\'', is_escaping).map(|()| true),
            Some('"') => self.skip_quoted('"', false).map(|()| true),
            Some('`') if dialect == Dialect::Sqlite => self.skip_quoted('`', false).map(|()| true),
            Some('[') if dialect == Dialect::Sqlite => {
                let end = self.rest().find(']').ok_or_else(unclosed)?;
                self.at += end + 1;
                Ok(true)
            }
            Some('$') if dialect == Dialect::Postgres => self.skip_dollar_quoted(),
            _ => Ok(false),
        }
    }

    /// Skips what stands in quotation marks; one that is doubled, or escaped where that is meant, is a part of it.
    fn skip_quoted(&mut self, mark: char, is_escaping: bool) -> Result<(), String> {
        self.take();
        loop {
            match self.take().ok_or_else(unclosed)? {
                '\\' if is_escaping => {
                    self.take();
                }
                character if character == mark => {
                    if self.peek() != Some(mark) {
                        return Ok(());
                    }
                    self.take();
                }
                _ => {}
            }
        }
    }

    /// Skips `$tag$ … $tag$`.
    fn skip_dollar_quoted(&mut self) -> Result<bool, String> {
        let rest = &self.rest()[1..];
        let Some(end) = rest.find('$') else { return Ok(false) };
        let tag = &rest[..end];
        let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !tag.starts_with(|c: char| c.is_ascii_digit());
        if !is_tag {
            return Ok(false);
        }
        let mark = format!("${tag}$");
        let close = self.rest()[mark.len()..].find(&mark).ok_or_else(unclosed)?;
        self.at += mark.len() + close + mark.len();
        Ok(true)
    }
}

fn unclosed() -> String {
    "a quotation of the statement is not closed".to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Statement};

    fn dollars(sql: &str) -> String {
        Statement::read(sql, Dialect::Postgres).unwrap().written(|position| format!("${position}"))
    }

    fn refusal(sql: &str) -> String {
        Statement::read(sql, Dialect::Sqlite).unwrap_err()
    }

    #[test]
    fn question_marks_become_parameters_where_they_are_some() {
        assert_eq!(
            dollars("select a from b where c = ? and d > ?;"),
            "select a from b where c = $1 and d > $2"
        );
        assert_eq!(dollars("select '?', \"?\", 'it''s ?', ?"), "select '?', \"?\", 'it''s ?', $1");
        assert_eq!(dollars(r"select E'\'?', ?"), r"select E'\'?', $1");
        assert_eq!(dollars("select $$ ? $$, $t$ ? $$ $t$, ?"), "select $$ ? $$, $t$ ? $$ $t$, $1");
        assert_eq!(
            dollars("select ? -- why?\n, ? /* ? /* ? */ ? */"),
            "select $1 -- why?\n, $2 /* ? /* ? */ ? */"
        );
        assert_eq!(
            dollars("select a ?? 'b' from c where d = ?"),
            "select a ? 'b' from c where d = $1"
        );
        let lite =
            Statement::read("select [a?], `b?` from c where d = ?", Dialect::Sqlite).unwrap();
        assert_eq!(lite.params(), 1);
    }

    #[test]
    fn one_statement_that_reads_is_taken_and_nothing_else() {
        for sql in [
            "select 1",
            " /* x */ SELECT 1 ; -- done\n",
            "with a as (select 1) select * from a",
            "values (1)",
        ] {
            assert!(Statement::read(sql, Dialect::Sqlite).is_ok(), "{sql}");
        }
        assert!(refusal("select 1; select 2").contains("one statement"));
        assert!(refusal("select ';'; drop table a").contains("one statement"));
        for sql in [
            "",
            "--",
            "insert into a values (1)",
            "pragma query_only = 0",
            "attach 'x' as y",
            "begin",
            "explain select 1",
            "(select 1)",
            "copy a to 'b'",
            "set role x",
        ] {
            assert!(Statement::read(sql, Dialect::Sqlite).is_err(), "{sql}");
        }
        assert!(refusal("select 'a").contains("not closed"));
        assert!(refusal("select 1 /* a").contains("not closed"));
    }
}
