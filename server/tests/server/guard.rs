//! The guard on outgoing requests: nothing inside is reached, whatever an address looks like.

use super::harness::{answer, web};
use engine::{HttpAuth, HttpRequest, Secret};
use server::{
    config::{HostPort, Secrets},
    egress::{Egress, Refusal},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

fn request(url: &str) -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: BTreeMap::new(),
        auth: None,
        body: None,
        timeout_s: 2,
    }
}

fn egress(allow: &[HostPort]) -> Egress {
    Egress::new(allow.to_vec(), Secrets::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_spelling_of_an_inner_address_is_reached() {
    // On all addresses of this machine, at a port that workflows may use, if it is free.
    let canary = match TcpListener::bind("0.0.0.0:8443").await {
        Ok(canary) => canary,
        Err(_) => TcpListener::bind("127.0.0.1:0").await.unwrap(),
    };
    let port = canary.local_addr().unwrap().port();
    let touched = Arc::new(AtomicUsize::new(0));
    let touches = Arc::clone(&touched);
    tokio::spawn(async move {
        loop {
            let _ = canary.accept().await;
            touches.fetch_add(1, Ordering::SeqCst);
        }
    });
    let egress = egress(&[]);
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "0.0.0.0",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "172.16.0.1",
        "100.64.0.1",
        "１２７.0.0.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "ip6-localhost",
        "metadata.google.internal",
    ];
    for host in hosts {
        for url in [
            format!("http://{host}:{port}/"),
            format!("http://{host}/"),
            format!("https://{host}:8443/"),
            format!("http://user@{host}:{port}/"),
            format!("http:\\\\{host}:{port}\\"),
            format!("http://{host}\t:{port}/"),
        ] {
            let outcome = egress.request(&request(&url)).await;
            // A name that nobody knows cannot be looked up here; every other is refused by the guard.
            assert!(
                matches!(outcome, Err(Refusal::NotAllowed(_) | Refusal::NotSent(_))),
                "{url}: {outcome:?}"
            );
        }
    }
    for url in [
        "file:///etc/passwd",
        "ftp://1.1.1.1/",
        "gopher://1.1.1.1/",
        "http://1.1.1.1:22/",
        "http://1.1.1.1:6379/",
        "http://a:b@1.1.1.1/",
        "http:///",
        "x",
    ] {
        assert!(
            matches!(egress.request(&request(url)).await, Err(Refusal::NotAllowed(_))),
            "{url}"
        );
    }
    assert_eq!(touched.load(Ordering::SeqCst), 0, "somebody came through");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_nowhere_the_first_address_could_not_lead() {
    let secret_service = web(|_| async { answer("200 OK", "text/plain", "inner") }).await;
    let inner = format!("http://127.0.0.1:{}/", secret_service.port);
    for status in ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"] {
        for target in [
            inner.clone(),
            inner.replace("http:", ""),
            "//169.254.169.254/latest/meta-data".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let front = web(move |_| {
                let target = target.clone();
                async move { format!("HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n") }
            })
            .await;
            let outcome = egress(std::slice::from_ref(&front))
                .request(&request(&format!("http://127.0.0.1:{}/", front.port)))
                .await;
            assert!(matches!(outcome, Err(Refusal::NotAllowed(_))), "{outcome:?}");
        }
    }
    let circle = web(|_| async {
        "HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            .to_owned()
    })
    .await;
    let outcome = egress(std::slice::from_ref(&circle))
        .request(&request(&format!("http://127.0.0.1:{}/", circle.port)))
        .await;
    assert_eq!(outcome, Err(Refusal::NotAllowed("more than 5 redirects".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_stay_with_the_host_they_are_for() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let sees = Arc::clone(&seen);
    let other = web(move |request| {
        sees.lock().unwrap().push(request);
        async { answer("200 OK", "text/plain", "fine") }
    })
    .await;
    let target = format!("http://127.0.0.1:{}/", other.port);
    let front = web(move |_| {
        let target = target.clone();
        async move { format!("HTTP/1.1 307 Temporary\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n") }
    })
    .await;
    let secrets: Secrets = [("status_key".to_owned(), "s3cret".to_owned())].into_iter().collect();
    let egress = Egress::new(vec![front.clone(), other], secrets).unwrap();
    let mut wanted = request(&format!("http://127.0.0.1:{}/", front.port));
    wanted.auth = Some(HttpAuth::Bearer(Secret::Named { name: "status-key".to_owned() }));
    wanted.headers.insert("X-Api-Key".to_owned(), "k3y".to_owned());
    assert_eq!(egress.request(&wanted).await.unwrap().body, "fine");
    let seen = seen.lock().unwrap().join("").to_lowercase();
    assert!(
        !seen.contains("s3cret") && !seen.contains("k3y") && !seen.contains("authorization"),
        "{seen}"
    );

    wanted.auth = Some(HttpAuth::Bearer(Secret::Named { name: "none".to_owned() }));
    assert_eq!(
        egress.request(&wanted).await.unwrap_err().to_string(),
        "the server has no secret `none`; set PHLOEM_SECRET_NONE"
    );
    wanted.auth = None;
    wanted.headers.insert("Host".to_owned(), "inner".to_owned());
    assert!(matches!(egress.request(&wanted).await, Err(Refusal::NotAllowed(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_bounded_in_size_and_time() {
    let large = web(|_| async { answer("200 OK", "text/plain", &"x".repeat(2 << 20)) }).await;
    let outcome = egress(std::slice::from_ref(&large))
        .request(&request(&format!("http://127.0.0.1:{}/", large.port)))
        .await;
    assert_eq!(outcome, Err(Refusal::NoAnswer("the answer is larger than 1 MiB".to_owned())));

    let slow = web(|_| async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        String::new()
    })
    .await;
    let started_at = Instant::now();
    let outcome = egress(std::slice::from_ref(&slow))
        .request(&request(&format!("http://127.0.0.1:{}/", slow.port)))
        .await;
    assert_eq!(outcome, Err(Refusal::NoAnswer("no whole answer within 2 s".to_owned())));
    assert!(started_at.elapsed() < Duration::from_secs(4));
}
