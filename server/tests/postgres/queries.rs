//! Questions of workflows to a PostgreSQL server.

use super::cluster::Cluster;
use engine::{QueryDatabase, Value};
use serde_json::{Value as Json, json};
use server::{
    config::{Config, Environment},
    databases,
};
use sqlx::Executor;
use std::time::{Duration, Instant};

fn config(address: &str) -> Config {
    let pairs = [("PHLOEM_DATABASE_NAME_PEOPLE".to_owned(), address.to_owned())];
    Config::from_environment(&pairs.into_iter().collect::<Environment>()).unwrap()
}

async fn ask(config: &Config, sql: &str, params: Json) -> Result<Json, String> {
    let params = params.as_array().unwrap().iter().cloned().map(Value::from).collect();
    let query = QueryDatabase {
        connection: "people".to_owned(),
        sql: sql.to_owned(),
        params,
        rows_max: 3,
        timeout_s: 2,
    };
    let rows = databases::ask(&config.databases, &query).await?;
    Ok(rows.iter().map(Json::from).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_reads_postgresql_and_can_do_nothing_else() {
    let Some(cluster) = Cluster::start() else { return };
    let mut connection = cluster.connect().await;
    let tables = "create type mood as enum ('good', 'bad');
        create table people (id int primary key, name text, rate numeric(10, 2), born date, seen timestamptz, is_on_call boolean, tags text[], extra jsonb, mood mood, code uuid, raw bytea);
        insert into people values
            (1, 'Ada', 12.50, '1990-12-10', '2026-11-23 09:30:00+01', true, '{a,b}', '{\"x\": [1]}', 'good', '6f1b1c1e-0000-4000-8000-000000000001', '\\x00ff'),
            (2, 'O''Brien; drop table people', null, null, null, false, '{}', null, 'bad', null, null);";
    connection.execute(tables).await.unwrap();
    let config = config(&cluster.address());

    let rows = ask(&config, "select * from people where id = ?", json!([1])).await.unwrap();
    assert_eq!(
        rows,
        json!([{
            "id": 1, "name": "Ada", "rate": 12.5, "born": "1990-12-10", "seen": rows[0]["seen"], "is_on_call": true, "tags": ["a", "b"],
            "extra": { "x": [1] }, "mood": "good", "code": "6f1b1c1e-0000-4000-8000-000000000001", "raw": "\\x00ff",
        }])
    );
    // Every parameter is read as the type that it stands for, wherever its value comes from.
    for (condition, params) in [
        ("id = ?", json!(["1"])),
        ("rate > ? and born < ?", json!([12, "2000-01-01"])),
        ("is_on_call = ? and seen < ?", json!([true, "2026-12-01T00:00:00Z"])),
        ("mood = ? and code = ?", json!(["good", "6f1b1c1e-0000-4000-8000-000000000001"])),
        ("id = any(?)", json!([[1, 7]])),
        ("extra @> ?", json!([{ "x": [1] }])),
        ("name like ? -- why?", json!(["A%"])),
        ("?::int is null and id = 1", json!([null])),
    ] {
        let sql = format!("select id from people where {condition}");
        let found = ask(&config, &sql, params).await;
        assert_eq!(found, Ok(json!([{ "id": 1 }])), "{sql}");
    }
    // A value is never a part of the statement.
    let hostile = "O'Brien; drop table people";
    let found = ask(&config, "select id from people where name = ?", json!([hostile])).await;
    assert_eq!(found, Ok(json!([{ "id": 2 }])));
    // Most rows that are asked for; order is kept.
    let many = "select n from generate_series(1, 100) n order by n desc";
    assert_eq!(
        ask(&config, many, json!([])).await,
        Ok(json!([{ "n": 100 }, { "n": 99 }, { "n": 98 }]))
    );

    for (sql, why) in [
        ("delete from people", "begin with select"),
        ("with gone as (delete from people returning id) select * from gone", ""),
        ("select 1; delete from people", "one statement"),
        ("select nextval('people_seq')", ""),
        ("select set_config('transaction_read_only', 'off', false)", ""),
        ("select pg_sleep(10)", "more than 2 s"),
        ("select repeat('x', 200000) as big", "KiB"),
        ("select id from people where id = ?", "question marks"),
        ("select nothing from people", "nothing"),
    ] {
        let started = Instant::now();
        let refusal = ask(&config, sql, json!([])).await.unwrap_err();
        assert!(refusal.contains(why), "{sql}: {refusal}");
        assert!(started.elapsed() < Duration::from_secs(5), "{sql}");
    }
    let rows = ask(&config, "select count(*) as n from people", json!([])).await;
    assert_eq!(rows, Ok(json!([{ "n": 2 }])), "nothing was changed");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told_without_its_credentials() {
    let config = config("postgres://reader:s3cret@127.0.0.1:1/people");
    let refusal = ask(&config, "select 1", json!([])).await.unwrap_err();
    assert!(!refusal.contains("s3cret"), "{refusal}");
    let unknown = QueryDatabase {
        connection: "Other one".to_owned(),
        sql: "select 1".to_owned(),
        params: Vec::new(),
        rows_max: 1,
        timeout_s: 1,
    };
    let refusal = databases::ask(&config.databases, &unknown).await.unwrap_err();
    assert!(refusal.contains("PHLOEM_DATABASE_NAME_OTHER_ONE"), "{refusal}");
}
