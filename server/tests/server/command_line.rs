//! The command line: what it prints, and its exit codes.

use super::harness::Host;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const GOOD: i32 = 0;
const PROBLEMS: i32 = 1;
const WRONG_USE: i32 = 2;

fn phloem(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_phloem"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn check(arguments: &[&str], folder: &Path, code: i32) -> String {
    let output = phloem(arguments, folder);
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said} {complained}");
    format!("{said}{complained}")
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

#[test]
fn every_problem_is_printed_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{\n  \"format\": 1,\n  \"id\": \"x\",\n  \"name\": \"X\",\n  \"nodes\": {\n    \"Start\": {\n      \"kind\": \"start\",\n      \"next\": { \"api_request\": \"Nowhere\" }\n    },\n    \"Odd\": { \"kind\": \"teleport\" }\n  }\n}\n";
    fs::write(folder.path().join("x.json"), text).unwrap();
    let said = check(&["validate", "x.json"], folder.path(), PROBLEMS);
    assert!(said.contains("x.json:8:") && said.contains("`Nowhere`"), "{said}");
    assert!(said.contains("x.json:10:") && said.contains("`teleport`"), "{said}");

    assert!(said.contains("[unknown_kind: docs/problems/unknown_kind.md]"), "{said}");
    assert!(check(&["explain", "unknown_kind"], folder.path(), GOOD).contains("`unknown_kind`"));
    check(&["explain", "nonsense"], folder.path(), WRONG_USE);

    fs::write(folder.path().join("torn.json"), "{\n  \"format\": 1,\n").unwrap();
    assert!(check(&["validate", "torn.json"], folder.path(), PROBLEMS).contains("torn.json:3:"));
    check(&["validate", "missing.json"], folder.path(), WRONG_USE);
    check(&["frobnicate"], folder.path(), WRONG_USE);
}

#[test]
fn only_what_is_safe_is_mended_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.json");
    let text = r#"{ "format": 1, "id": "x", "name": "X", "layout": { "Gone": [0, 0] }, "nodes": {
        "Start": { "kind": "start", "config": { "params": { "a": {}, "b": {} } }, "next": { "api_request": "Text" } },
        "Text": { "kind": "send_sms", "config": { "to": "{a}, {b}", "text": "Good morning." } },
        "Lost": { "kind": "hangup" } } }"#;
    fs::write(&file, text).unwrap();
    let said = check(&["validate", "x.json"], folder.path(), GOOD);
    assert!(said.contains("; --fix mends it]"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    let said = check(&["validate", "--fix", "x.json"], folder.path(), GOOD);
    assert_eq!(said.matches(": mended: ").count(), 3, "{said}");
    assert!(said.contains("warning: Lost: No run ever comes here."), "{said}");
    let mended = fs::read_to_string(&file).unwrap();
    assert!(mended.contains(r#""to": "{{ a }}, {{ b }}""#) && !mended.contains("Gone"), "{mended}");
    check(&["fmt", "--check", "x.json"], folder.path(), GOOD);
}

#[test]
fn import_and_export_give_back_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let files = examples();
    assert!(files.len() >= 5, "{files:?}");
    let mut import = vec!["import", "--data", "data", "--publish"];
    import.extend(files.iter().map(|file| file.to_str().unwrap()));
    check(&import, folder.path(), GOOD);
    check(&["export", "--data", "data", "--out", "out"], folder.path(), GOOD);
    for file in &files {
        let exported =
            fs::read_to_string(folder.path().join("out").join(file.file_name().unwrap())).unwrap();
        assert_eq!(exported, fs::read_to_string(file).unwrap(), "{}", file.display());
    }
}

#[test]
fn a_file_is_put_into_its_canonical_form_once() {
    let folder = tempfile::tempdir().unwrap();
    let document = r#"{"name":"X","nodes":{"Start":{"kind":"start"}},"id":"x","format":1}"#;
    fs::write(folder.path().join("x.json"), document).unwrap();
    check(&["fmt", "--check", "x.json"], folder.path(), PROBLEMS);
    check(&["fmt", "x.json"], folder.path(), GOOD);
    check(&["fmt", "--check", "x.json"], folder.path(), GOOD);
    fs::write(folder.path().join("y.json"), document.replace("\"X\"", "\"Y\"")).unwrap();
    assert_eq!(
        check(&["diff", "x.json", "y.json"], folder.path(), PROBLEMS),
        "The name is `Y` instead of `X`.\n"
    );
    check(&["diff", "x.json", "x.json"], folder.path(), GOOD);
}

#[test]
fn a_backup_is_put_back_only_where_nothing_is_lost_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let example = examples().remove(0);
    check(&["import", "--data", "one", example.to_str().unwrap()], folder.path(), GOOD);
    check(&["backup", "--data", "one", "copy.db"], folder.path(), GOOD);
    check(&["backup", "--data", "one", "copy.db"], folder.path(), WRONG_USE);
    check(&["restore", "--data", "two", "copy.db"], folder.path(), GOOD);
    check(&["restore", "--data", "two", "copy.db"], folder.path(), WRONG_USE);
    check(&["restore", "--data", "two", "--replace", "copy.db"], folder.path(), GOOD);
    check(&["export", "--data", "two", "--out", "out"], folder.path(), GOOD);
    assert!(folder.path().join("out").join(example.file_name().unwrap()).exists());
    fs::write(folder.path().join("no.db"), "not a database").unwrap();
    check(&["restore", "--data", "three", "no.db"], folder.path(), WRONG_USE);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_links_are_made_beside_a_running_server() {
    let host = Host::start().await;
    let data = host.data.path().to_str().unwrap();
    let folder = host.data.path();
    let token = check(
        &["token", "create", "--data", data, "--name", "ci", "--scope", "read"],
        folder,
        GOOD,
    );
    let listed = host
        .client
        .get(host.url("/api/v1/workflows"))
        .bearer_auth(token.trim())
        .send()
        .await
        .unwrap();
    assert!(listed.status().is_success());
    check(
        &["token", "create", "--data", data, "--name", "ci", "--scope", "root"],
        folder,
        WRONG_USE,
    );
    let link = check(&["sign-in", "--data", data], folder, GOOD);
    assert!(link.starts_with(&host.url("/sign-in?key=")), "{link}");
    assert!(check(&["webhook-secret", "--data", data], folder, GOOD).starts_with("whsec_"));
    check(&["healthcheck", "--url", &host.url("")], folder, GOOD);
}
