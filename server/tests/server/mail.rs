//! E-mail: to a mail server of the test's own, which answers as it is told.

use super::harness::{Host, eventually, sandbox};
use serde_json::{Value, json};
use server::{
    Server, access,
    config::{Config, Environment, Smtp},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// What the mail server says when it has the whole mail: an answer, or nothing for ever.
const TAKEN: &str = "250 taken";
const SILENCE: &str = "";

#[derive(Clone, Default)]
struct MailServer {
    mails: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    /// Its answers to whole mails, one after the other; the last stays.
    answers: Arc<Mutex<Vec<&'static str>>>,
}

impl MailServer {
    async fn start(answers: &[&'static str]) -> (MailServer, Smtp) {
        let server =
            MailServer { answers: Arc::new(Mutex::new(answers.to_vec())), ..MailServer::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().serve(stream));
            }
        });
        (server, smtp(address))
    }

    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let (reading, mut writing) = stream.split();
        let mut lines = BufReader::new(reading).lines();
        writing.write_all(b"220 mail.test\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let verb = line.split(' ').next()?.to_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-mail.test\r\n250 AUTH PLAIN",
                "AUTH" if line.ends_with("AGFkYQBzM2NyZXQ=") => "235 welcome",
                "AUTH" => "535 who are you",
                "RCPT" if line.contains("nobody@") => "550 no such person",
                "DATA" => {
                    writing.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await.ok()? {
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.mails.lock().unwrap().push(mail);
                    let mut answers = self.answers.lock().unwrap();
                    if answers.len() > 1 { answers.remove(0) } else { answers[0] }
                }
                "QUIT" => "221 bye",
                _ => "250 fine",
            };
            if answer == SILENCE {
                std::future::pending::<()>().await;
            }
            writing.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
}

fn smtp(address: SocketAddr) -> Smtp {
    let pairs = [
        ("PHLOEM_SMTP_URL", format!("smtp://ada@{address}?tls=none")),
        ("PHLOEM_SMTP_PASSWORD", "s3cret".to_owned()),
        ("PHLOEM_EMAIL_FROM", "Phloem <phloem@example.org>".to_owned()),
    ];
    let environment: Environment =
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Config::from_environment(&environment).unwrap().smtp.unwrap()
}

/// Sends one mail and keeps how it went.
fn workflow(to: &str) -> Value {
    json!({
        "Start": { "kind": "start", "next": { "api_request": "Mail" } },
        "Mail": { "kind": "email", "config": { "to": to, "subject": "Grüße", "text": "Hello\n.\nand goodbye." }, "next": { "sent": "Good", "failed": "Bad" } },
        "Good": { "kind": "set_variable", "config": { "values": { "outcome": "sent {{ Mail.message_id }}" } } },
        "Bad": { "kind": "set_variable", "config": { "values": { "outcome": "failed: {{ Mail.error }}" } } },
    })
}

async fn outcome(host: &Host, run: &str) -> String {
    host.until(run, "completed").await;
    let run = host.get(&format!("/api/v1/runs/{run}")).await;
    run["variables"]["outcome"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_not_taken_at_first_is_the_same_mail_when_it_is() {
    let (mails, smtp) = MailServer::start(&["451 try again", TAKEN]).await;
    let host = Host::with(|config| config.smtp = Some(smtp)).await;
    host.publish("mail", workflow("bob@example.com, ada@example.com")).await;
    let run = host.run("mail", json!({})).await;
    let said = outcome(&host, &run).await;
    let kept = mails.mails.lock().unwrap().clone();
    assert_eq!(kept.len(), 2);
    let id = |mail: &str| {
        mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned()
    };
    assert_eq!(id(&kept[0]), id(&kept[1]), "receivers can tell that it is one");
    assert_eq!(said, format!("sent {}", id(&kept[1])));
    assert!(id(&kept[0]).starts_with(&format!("<{run}.")), "{}", id(&kept[0]));
    assert!(kept[1].contains("To: bob@example.com, ada@example.com"), "{}", kept[1]);
    assert!(kept[1].contains("\n..\n"), "a line of a single dot does not end it: {}", kept[1]);
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mail_fails_with_the_reason_and_no_password() {
    let (mails, smtp) = MailServer::start(&["554 looks like spam"]).await;
    let wrong = Smtp { credentials: Some(("ada".to_owned(), "wr0ng".into())), ..smtp.clone() };
    let host = Host::with(|config| config.smtp = Some(smtp)).await;
    host.publish("spam", workflow("bob@example.com")).await;
    host.publish("nobody", workflow("nobody@example.com")).await;
    for (id, why) in [("spam", "looks like spam"), ("nobody", "no such person")] {
        let run = host.run(id, json!({})).await;
        let said = outcome(&host, &run).await;
        assert!(said.starts_with("failed") && said.contains(why), "{said}");
    }
    assert_eq!(mails.mails.lock().unwrap().len(), 1);
    let data = host.stop().await;
    let host = Host::on(data, |config| config.smtp = Some(wrong)).await;
    let run = host.run("spam", json!({})).await;
    let said = outcome(&host, &run).await;
    assert!(said.contains("who are you") && !said.contains("wr0ng"), "{said}");
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_may_have_left_when_the_server_died_is_not_sent_again() {
    let (mails, smtp) = MailServer::start(&[SILENCE]).await;
    let data = Arc::new(tempfile::tempdir().unwrap());
    let mut config = sandbox(data.path());
    config.smtp = Some(smtp.clone());
    let runtime = Runtime::new().unwrap();
    let server = runtime.spawn(Server::start(config)).await.unwrap().unwrap();
    let token = access::create_token(&server.app().store, "test", "admin").await.unwrap().secret;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let host = Host { server, data: Arc::clone(&data), token, client };
    host.publish("mail", workflow("bob@example.com")).await;
    let run = host.run("mail", json!({})).await;
    eventually("the mail is with the mail server", async || mails.mails.lock().unwrap().len() == 1)
        .await;
    // As `kill -9`: no goodbye.
    runtime.shutdown_background();
    drop(host);

    mails.answers.lock().unwrap().insert(0, TAKEN);
    let host = Host::on(data, |config| config.smtp = Some(smtp)).await;
    let said = outcome(&host, &run).await;
    assert!(said.starts_with("failed"), "{said}");
    let events = host.events(&run).await;
    assert!(events.contains(&"effect_unknown".to_owned()), "{events:?}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(mails.mails.lock().unwrap().len(), 1);
    host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_without_a_mail_server_keeps_the_mail_with_the_recording_in_it() {
    let host = Host::start().await;
    host.publish(
        "voicemail",
        json!({
            "Start": { "kind": "start", "next": { "incoming_call": "Record" } },
            "Record": { "kind": "record_audio", "config": { "prompt": { "speak": "Leave a message." }, "max_length_s": 5 }, "next": { "recorded": "Mail", "hung_up": "Mail" } },
            "Mail": {
                "kind": "email",
                "config": { "to": "team@example.com", "subject": "A message", "text": "From {{ Start.call.from }}", "attachments": ["{{ Record.recording_url }}"] },
                "next": { "failed": "Bad" },
            },
            "Bad": { "kind": "set_variable", "config": { "values": { "error": "{{ Mail.error }}" } } },
        }),
    )
    .await;
    let number = "+15550100003";
    host.put(&format!("/api/v1/numbers/{number}"), json!({ "workflow": "voicemail" })).await;
    host.phone("+15550107001", json!({ "on_call": "answer", "speech": ["It is urgent; please call me back as soon as you can."] })).await;
    host.ring("+15550107001", number).await;
    let run = host.only_run("voicemail").await;
    host.until(&run, "completed").await;
    let emails = host.ledger().await["emails"].clone();
    let mail = &emails[0];
    assert_eq!(
        (&mail["to"], &mail["subject"]),
        (&json!(["team@example.com"]), &json!("A message"))
    );
    assert_eq!(mail["text"], "From +15550107001");
    let (name, bytes) = (mail["attachments"][0][0].as_str(), mail["attachments"][0][1].as_u64());
    assert!(name.unwrap().ends_with(".mp3") && bytes.unwrap() > 1_000, "{mail}");

    // Nothing but recordings is fetched with the account's credentials, and nothing else of this machine at all.
    let address = host.url("/simulator/v1/Account/");
    let account =
        host.get("/simulator/control/account").await["auth_id"].as_str().unwrap().to_owned();
    let mut curious = workflow("eve@example.com");
    curious["Mail"]["config"]["attachments"] = json!(["{{ file }}"]);
    curious["Start"]["config"] = json!({ "params": { "file": {} } });
    host.publish("curious", curious).await;
    for file in [
        format!("{address}{account}/"),
        format!("{address}{account}/Recording/"),
        host.url("/healthz"),
    ] {
        let run = host.run("curious", json!({ "file": file })).await;
        let said = outcome(&host, &run).await;
        assert!(said.starts_with("failed") && said.contains("guard"), "{said}");
    }
    host.stop().await;
}
