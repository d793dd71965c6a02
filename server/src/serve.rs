//! A running server: started, found by its address, and stopped in good order.

use crate::{
    access,
    app::App,
    config::{Carrier, Config, SANDBOX_NUMBERS},
    error::Error,
    examples, http, numbers,
    store::{Store, sessions, settings},
    telemetry, worker,
};
use axum::{Router, ServiceExt, extract::Request};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};
use tower_http::normalize_path::NormalizePath;
use tracing::{info, warn};

/// How long answers under way may take to leave once everything else is done.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// A running server.
pub struct Server {
    app: App,
    serving: JoinHandle<()>,
    sign_in_link: Option<String>,
}

impl Server {
    /// Starts a server: opens its database, listens, and goes on with what an earlier one left unfinished.
    ///
    /// # Errors
    /// The address is taken, the database cannot be used, or a setting is wrong.
    pub async fn start(config: Config) -> Result<Server, Error> {
        let store =
            Store::open(&config.data, config.seal_key.as_ref().map(plivo::client::Secret::expose))
                .await?;
        let listener = TcpListener::bind(config.listen).await.map_err(|error| {
            Error::Setting(format!(
                "cannot listen on {}: {error}; choose another address with --listen",
                config.listen
            ))
        })?;
        let address = listener.local_addr().map_err(|error| {
            Error::Setting(format!("cannot tell the address listened on: {error}"))
        })?;
        let app = App::new(config, address, store, telemetry::metrics()).await?;
        examples::publish_once(&app).await?;
        numbers::add_own(&app).await?;
        numbers::tell_simulator_all(&app).await?;
        remember_address(&app).await?;
        let sign_in_link = sign_in_link(&app).await?;
        // The workers of a sandbox speak to this very server, so it listens before they begin.
        let serving = tokio::spawn(accept(app.clone(), listener, http::service(app.clone())));
        worker::start(&app).await?;
        app.set_ready();
        if app.simulator.is_none() && app.telephony.from_number().as_str() == SANDBOX_NUMBERS[0] {
            warn!(
                "PHLOEM_FROM_NUMBER is not set; calls and texts of workflows that name no sender come from a number that is not yours"
            );
        }
        info!(address = %address, mode = app.config.mode(), public_url = app.telephony.public_url(), "phloem serves");
        Ok(Server { app, serving, sign_in_link })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.app.address
    }

    /// What its handlers and workers share.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A link by which one person can sign in once; on the first starts, and always where only this machine can reach the server or no money is at stake.
    pub fn sign_in_link(&self) -> Option<&str> {
        self.sign_in_link.as_deref()
    }

    /// Stops: takes no more work, finishes what is under way while webhooks of live calls are still answered, then closes the database.
    pub async fn stop(self) {
        info!("phloem stops");
        self.app.stopping.cancel();
        self.app.tasks.close();
        let drain = self.app.config.pace.drain;
        if tokio::time::timeout(drain, self.app.tasks.wait()).await.is_err() {
            warn!("some work was not finished in time; the next start goes on with it");
        }
        self.app.closing.cancel();
        if let Some(simulator) = &self.app.simulator {
            simulator.stop();
        }
        // Connections that are idle close at once; whoever keeps one busy for longer than this is cut off.
        let mut serving = self.serving;
        if tokio::time::timeout(CLOSE_TIMEOUT, &mut serving).await.is_err() {
            serving.abort();
        }
        self.app.store.close().await;
        info!("phloem has stopped");
    }
}

/// Serves until the work under way is finished, and then lets answers under way leave.
async fn accept(app: App, listener: TcpListener, service: NormalizePath<Router>) {
    let closing = app.closing.clone();
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let served =
        axum::serve(listener, service).with_graceful_shutdown(closing.cancelled_owned()).await;
    if let Err(error) = served {
        warn!(%error, "serving ended");
    }
}

/// Keeps the address, so that `phloem sign-in` can print a whole link.
async fn remember_address(app: &App) -> Result<(), Error> {
    let mut tx = app.store.begin().await?;
    settings::put(&mut tx, settings::PUBLIC_URL, app.telephony.public_url()).await?;
    tx.commit().await?;
    Ok(())
}

async fn sign_in_link(app: &App) -> Result<Option<String>, Error> {
    let is_sandbox = matches!(app.config.carrier, Carrier::Sandbox { .. });
    let is_harmless = is_sandbox || app.address.ip().is_loopback();
    if !is_harmless && sessions::is_any(&mut *app.store.reader().await?).await? {
        return Ok(None);
    }
    let key = access::create_sign_in_key(&app.store).await?;
    Ok(Some(format!("{}/sign-in?key={key}", app.telephony.public_url())))
}
