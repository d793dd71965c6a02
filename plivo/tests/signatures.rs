//! Checks the three signature schemes against vectors made with Plivo's official SDKs, and that nothing else passes.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use plivo::signature::{Method, v1, v2, v3, verify_v1, verify_v2, verify_v3};
use proptest::prelude::{any, proptest};
use serde_json::Value;

#[test]
fn v3_agrees_with_the_official_sdks() {
    let vectors = vectors("v3");
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let method = if text(vector, "method") == "GET" { Method::Get } else { Method::Post };
        let (token, url, nonce) =
            (text(vector, "auth_token"), text(vector, "url"), text(vector, "nonce"));
        let params = params(&vector["params"]);
        let name = text(vector, "name");
        assert_eq!(v3(token, method, url, &params, nonce), text(vector, "signature"), "{name}");
        assert!(
            verify_v3(token, method, url, &params, nonce, text(vector, "header")),
            "{name}: {}",
            text(vector, "note")
        );
    }
}

#[test]
fn v2_agrees_with_the_official_sdks() {
    let vectors = vectors("v2");
    assert_eq!(vectors.len(), 2);
    for vector in &vectors {
        let (token, url, nonce) =
            (text(vector, "auth_token"), text(vector, "url"), text(vector, "nonce"));
        assert_eq!(v2(token, url, nonce), text(vector, "signature"), "{}", text(vector, "name"));
        assert!(verify_v2(token, url, nonce, text(vector, "signature")));
    }
}

#[test]
fn v1_agrees_with_the_official_sdks() {
    let vectors = vectors("v1");
    assert_eq!(vectors.len(), 3);
    for vector in &vectors {
        let (token, url) = (text(vector, "auth_token"), text(vector, "url"));
        let params = params(&vector["params"]);
        assert_eq!(v1(token, url, &params), text(vector, "signature"), "{}", text(vector, "name"));
        assert!(verify_v1(token, url, &params, text(vector, "signature")));
    }
}

#[test]
fn a_header_may_list_several_signatures_and_one_must_match() {
    let good = v3("token", Method::Post, "https://a.example/", &[], "n");
    for (header, expected) in [
        (format!("{good},other"), true),
        (format!("other, {good} "), true),
        (format!("other,{good}x"), false),
        (String::new(), false),
        (",".to_owned(), false),
    ] {
        let verified = verify_v3("token", Method::Post, "https://a.example/", &[], "n", &header);
        assert_eq!(verified, expected, "{header}");
    }
}

#[test]
fn a_missing_token_or_nonce_never_verifies() {
    let url = "https://a.example/";
    let signed = |token, nonce| v3(token, Method::Post, url, &[], nonce);
    assert!(!verify_v3("", Method::Post, url, &[], "n", &signed("", "n")));
    assert!(!verify_v3("token", Method::Post, url, &[], "", &signed("token", "")));
    assert!(!verify_v2("", url, "n", &v2("", url, "n")));
    assert!(!verify_v2("token", url, "", &v2("token", url, "")));
    assert!(!verify_v1("", url, &[], &v1("", url, &[])));
}

#[test]
fn the_order_of_parameters_does_not_matter_and_the_url_wins_in_a_get() {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let url = "https://a.example/x?b=2&a=1";
    let one = v3("t", Method::Post, url, &[pair("k", "1"), pair("a", "2"), pair("k", "0")], "n");
    let two = v3("t", Method::Post, url, &[pair("k", "0"), pair("k", "1"), pair("a", "2")], "n");
    assert_eq!(one, two);
    let with = v3("t", Method::Get, url, &[pair("a", "other"), pair("b", "2")], "n");
    assert_eq!(with, v3("t", Method::Get, "https://a.example/x?a=1&b=2", &[], "n"));
}

proptest! {
    #[test]
    fn what_was_changed_on_the_way_is_refused(
        params in proptest::collection::vec(("[A-Za-z]{1,8}", "\\PC{0,12}"), 1..6),
        query in "([a-z]{1,4}=[a-z0-9]{0,4}(&[a-z]{1,4}=[a-z0-9]{0,4}){0,2})?",
        path in "[a-z]{1,8}",
        nonce in "[0-9a-f]{8,20}",
        at in any::<proptest::sample::Index>(),
        post in any::<bool>(),
    ) {
        let method = if post { Method::Post } else { Method::Get };
        let url = if query.is_empty() { format!("https://a.example/{path}") } else { format!("https://a.example/{path}?{query}") };
        let header = v3("token", method, &url, &params, &nonce);
        assert!(verify_v3("token", method, &url, &params, &nonce, &header));
        assert!(!verify_v3("token2", method, &url, &params, &nonce, &header));
        assert!(!verify_v3("token", method, &url, &params, &format!("{nonce}0"), &header));
        assert!(!verify_v3("token", method, &url.replacen("/a.", "/b.", 1), &params, &nonce, &header));
        if post {
            let mut changed = params.clone();
            at.get_mut(&mut changed).1.push('x');
            assert!(!verify_v3("token", method, &url, &changed, &nonce, &header));
            let mut fewer = params.clone();
            fewer.remove(at.index(params.len()));
            assert!(!verify_v3("token", method, &url, &fewer, &nonce, &header));
        }
    }
}

fn vectors(scheme: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("signature_vectors.json")).unwrap();
    file[scheme].as_array().unwrap().clone()
}

fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
    vector[key].as_str().unwrap()
}

/// Lists become repeated keys; a nested object (possible in a JSON body only) is signed as its sorted keys and values.
fn params(value: &Value) -> Vec<(String, String)> {
    let mut params = Vec::new();
    for (key, value) in value.as_object().unwrap() {
        match value {
            Value::Array(values) => {
                params.extend(values.iter().map(|value| (key.clone(), flat(value))))
            }
            value => params.push((key.clone(), flat(value))),
        }
    }
    params
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // serde_json keeps keys sorted.
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| format!("{key}{}", flat(value))).collect()
        }
        other => panic!("no vector holds {other}"),
    }
}
