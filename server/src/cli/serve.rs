//! Servers: ours, and the simulated telephone network alone.

use super::{Outcome, block_on, complain, say};
use crate::{
    Server,
    config::{Config, Environment},
    telemetry,
};
use anyhow::{Context, bail};
use simulator::Simulator;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// `phloem serve`.
pub(super) fn serve(listen: Option<SocketAddr>, data: Option<PathBuf>) -> anyhow::Result<Outcome> {
    telemetry::start_logging();
    let listen = listen.map(|listen| listen.to_string());
    let data = data
        .map(|data| {
            data.into_os_string()
                .into_string()
                .map_err(|_| anyhow::anyhow!("the folder's path has to be UTF-8"))
        })
        .transpose()?;
    let environment = Environment::of_process([("PHLOEM_LISTEN", listen), ("PHLOEM_DATA", data)]);
    let config = Config::from_environment(&environment)?;
    block_on(async {
        let stop = stop_signal()?;
        let server = Server::start(config).await?;
        if let Some(link) = server.sign_in_link() {
            say(&format!("Sign in: {link}"));
        }
        stop.cancelled().await;
        server.stop().await;
        Ok(Outcome::Good)
    })
}

/// `phloem simulator`.
pub(super) fn simulator(
    listen: SocketAddr,
    auth_id: String,
    auth_token: String,
    speed: f64,
) -> anyhow::Result<Outcome> {
    telemetry::start_logging();
    if auth_id.len() != 20 || !auth_id.starts_with("MA") {
        bail!(
            "`{auth_id}` is no auth id; Plivo's have 20 characters and begin with MA, and its SDKs refuse others"
        );
    }
    if !(speed > 0.0 && speed <= 1000.0) {
        bail!("the speed has to be above 0 and at most 1000");
    }
    block_on(async {
        let stop = stop_signal()?;
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr()?;
        let simulator = Simulator::new(simulator::Config {
            auth_id,
            auth_token,
            public_base: format!("http://{address}/v1"),
            speed,
        });
        let router = simulator.router();
        // Under the same paths as inside a server, and as Plivo itself.
        let router = axum::Router::new().nest("/simulator", router.clone()).merge(router);
        say(&format!("The simulated telephone network listens on http://{address}"));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        // Calls would hold their connections; a telephone network that is switched off says goodbye to nobody.
        tokio::select! {
            served = axum::serve(listener, service) => served?,
            () = stop.cancelled() => simulator.stop(),
        }
        Ok(Outcome::Good)
    })
}

/// `phloem healthcheck`.
pub(super) fn healthcheck(url: &str) -> anyhow::Result<Outcome> {
    crate::egress::use_ring();
    block_on(async {
        let client =
            reqwest::Client::builder().timeout(Duration::from_secs(5)).no_proxy().build()?;
        let answer = client.get(format!("{}/readyz", url.trim_end_matches('/'))).send().await;
        match answer {
            Ok(answer) if answer.status().is_success() => {
                say("ready");
                Ok(Outcome::Good)
            }
            Ok(answer) => {
                complain(&format!("not ready: status {}", answer.status()));
                Ok(Outcome::Problems)
            }
            Err(error) => {
                complain(&format!("not reachable: {error}"));
                Ok(Outcome::Problems)
            }
        }
    })
}

/// Told when the process is asked to stop: interrupt from the keyboard, or SIGTERM.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let told = stop.clone();
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        told.cancel();
    });
    Ok(stop)
}
