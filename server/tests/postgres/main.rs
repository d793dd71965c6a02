//! What the server has to do with PostgreSQL: its own statements, and those of workflows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster;
mod portable_sql;
mod queries;
