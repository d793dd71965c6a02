//! Texts from people: to whom an answer goes, and who wants no texts any more.

use super::harness::{Host, eventually};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PERSON: &str = "+15550107001";
const LINE: &str = "+15550100000";

/// Asks `to` and waits for one of these answers.
fn question(text: &str, choices: &[&str]) -> Value {
    let rows: Vec<Value> = choices.iter().map(|name| json!({ "name": name })).collect();
    json!({
        "Start": { "kind": "start", "config": { "params": { "to": { "required": true } } }, "next": { "api_request": "Ask" } },
        "Ask": { "kind": "sms_menu", "config": { "to": "{{ to }}", "text": text, "choices": rows } },
    })
}

/// What a number starts: it remembers what was written.
fn greeter() -> Value {
    json!({
        "Start": { "kind": "start", "next": { "incoming_message": "Keep" } },
        "Keep": { "kind": "set_variable", "config": { "values": { "said": "{{ Start.message.text }}" } } },
    })
}

impl Host {
    async fn text(&self, from: &str, to: &str, text: &str) {
        let path = format!("/simulator/control/phones/{from}/message");
        self.post(&path, json!({ "to": to, "text": text })).await;
    }

    /// Starts a question and waits until it is on its way.
    async fn ask(&self, workflow: &str) -> String {
        let run = self.run(workflow, json!({ "to": PERSON })).await;
        self.until(&run, "waiting").await;
        eventually("the question was sent", async || {
            self.events(&run).await.contains(&"message_accepted".to_owned())
        })
        .await;
        run
    }

    async fn reply_of(&self, run: &str) -> String {
        let run = self.get(&format!("/api/v1/runs/{run}")).await;
        run["variables"]["Ask"]["reply"].as_str().unwrap_or_default().to_owned()
    }

    async fn runs_of(&self, workflow: &str) -> Vec<Value> {
        let list = self.get(&format!("/api/v1/runs?workflow={workflow}")).await;
        list["runs"].as_array().unwrap().clone()
    }

    /// Texts to a number, in order.
    async fn texts_to(&self, number: &str) -> Vec<String> {
        let ledger = self.ledger().await;
        let messages = ledger["messages"].as_array().unwrap().iter();
        messages
            .filter(|message| message["to"] == number)
            .map(|message| message["text"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_to_the_question_it_belongs_to_and_to_one_alone() {
    let host = Host::start().await;
    host.publish("visit", question("Can you come?", &["Yes", "Not now"])).await;
    host.publish("colour", question("Which colour?", &["Red", "Blue"])).await;
    host.publish("greeter", greeter()).await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "greeter" })).await;
    // Every webhook comes twice, at the same moment.
    host.put("/simulator/control/faults", json!({ "duplicate_webhook": 1.0 })).await;

    let first = host.ask("visit").await;
    let second = host.ask("visit").await;
    let colour = host.ask("colour").await;
    // Accepted by the older questions only, of which the newer gets it.
    host.text(PERSON, LINE, "  NOT now! ").await;
    host.until(&second, "completed").await;
    assert_eq!(host.reply_of(&second).await.trim(), "NOT now!");
    // Accepted by the last one.
    host.text(PERSON, LINE, "blue").await;
    host.until(&colour, "completed").await;
    assert_eq!(host.status(&first).await, "waiting");
    // Another person's text, and one to another number, are no answers.
    host.text("+15550107099", LINE, "yes").await;
    host.text(PERSON, "+15550100005", "yes").await;
    eventually("the stranger has a run", async || host.runs_of("greeter").await.len() == 1).await;
    assert_eq!(host.status(&first).await, "waiting");
    // Accepted by none: the newest that is open gets it.
    host.text(PERSON, LINE, "who is this?").await;
    host.until(&first, "completed").await;
    assert_eq!(host.reply_of(&first).await, "who is this?");
    // Nothing is open any more: the number's own workflow begins.
    host.text(PERSON, LINE, "yes").await;
    eventually("the text has a run", async || host.runs_of("greeter").await.len() == 2).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(host.runs_of("greeter").await.len(), 2, "doubled webhooks begin no second run");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_understood_after_a_restart() {
    let host = Host::start().await;
    host.publish("visit", question("Can you come?", &["Yes", "No"])).await;
    let run = host.ask("visit").await;
    let data = host.stop().await;
    let host = Host::on(data, |_| {}).await;
    host.text(PERSON, LINE, "No").await;
    host.until(&run, "completed").await;
    assert_eq!(host.reply_of(&run).await, "No");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_is_obeyed_before_any_workflow_and_start_takes_it_back() {
    let host = Host::with(|config| {
        config.automatic_texts.help = "This is the surgery. Reply STOP to get no texts.".to_owned();
    })
    .await;
    host.publish("visit", question("Can you come?", &["Yes", "Cancel"])).await;
    host.publish("greeter", greeter()).await;
    host.put(&format!("/api/v1/numbers/{LINE}"), json!({ "workflow": "greeter" })).await;
    host.put("/simulator/control/faults", json!({ "duplicate_webhook": 1.0 })).await;
    let waiting = host.ask("visit").await;

    host.text(PERSON, LINE, "Stop.").await;
    eventually("it is confirmed", async || host.texts_to(PERSON).await.len() == 2).await;
    assert!(host.texts_to(PERSON).await[1].contains("Reply START"));
    let list = host.get("/api/v1/opt-outs").await;
    assert_eq!(list["opt_outs"][0]["number"], LINE);
    assert_eq!(list["opt_outs"][0]["person"], PERSON);
    assert_eq!(list["opt_outs"].as_array().unwrap().len(), 1);
    assert_eq!(host.status(&waiting).await, "waiting", "no workflow hears a keyword");

    let refused = host.run("visit", json!({ "to": PERSON })).await;
    host.until(&refused, "completed").await;
    let error =
        host.get(&format!("/api/v1/runs/{refused}")).await["variables"]["Ask"]["error"].clone();
    assert!(error.as_str().unwrap().contains("STOP"), "{error}");
    // Somebody else, and another of our numbers, are not concerned.
    let other = host.run("visit", json!({ "to": "+15550107098" })).await;
    host.until(&other, "waiting").await;

    host.text(PERSON, LINE, "help").await;
    eventually("help is given", async || host.texts_to(PERSON).await.len() == 3).await;
    assert!(host.texts_to(PERSON).await[2].contains("the surgery"));
    host.text(PERSON, LINE, "UNSTOP").await;
    eventually("it is confirmed", async || host.texts_to(PERSON).await.len() == 4).await;
    assert_eq!(host.get("/api/v1/opt-outs").await["opt_outs"], json!([]));
    host.ask("visit").await;
    assert!(host.runs_of("greeter").await.is_empty(), "no workflow hears a keyword");

    // An operator may take an opt-out back as well, once.
    host.text(PERSON, LINE, "quit").await;
    eventually("it is noted", async || {
        host.get("/api/v1/opt-outs").await["opt_outs"].as_array().unwrap().len() == 1
    })
    .await;
    let path = format!("/api/v1/opt-outs/{LINE}/{PERSON}");
    assert_eq!(host.send(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(host.send(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
    host.stop().await;
}
