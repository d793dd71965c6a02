//! Nothing the store says may need rewriting for PostgreSQL: its tables are made there, and every statement in `src/store` is prepared against them.

use super::cluster::Cluster;
use sqlx::{Executor, SqlSafeStr, migrate::Migrator};
use std::fs;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

#[tokio::test]
async fn every_statement_of_the_store_is_understood_by_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let mut connection = cluster.connect().await;
    MIGRATIONS.run(&mut connection).await.expect("the tables are made");
    let statements = statements();
    assert!(
        statements.len() > 40,
        "only {} statements were found; the store looks different now",
        statements.len()
    );
    let mut failures = Vec::new();
    for (place, statement) in statements {
        let sql = sqlx::AssertSqlSafe(statement.clone()).into_sql_str();
        if let Err(error) = connection.prepare(sql).await {
            failures.push(format!("{place}: {error}\n    {statement}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every text in the store's sources that begins like a statement, with its file.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in fs::read_dir("src/store").expect("the store is a folder").flatten() {
        let source = fs::read_to_string(file.path()).expect("sources are text");
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for text in code.split('"').skip(1).step_by(2) {
            let statement =
                text.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            if ["select ", "insert ", "update ", "delete "]
                .iter()
                .any(|verb| statement.starts_with(verb))
            {
                found.push((file.file_name().to_string_lossy().into_owned(), statement));
            }
        }
    }
    found
}
