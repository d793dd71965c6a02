//! Everything that handlers and workers share.

use crate::{
    config::{Carrier, Config, HostPort},
    egress::Egress,
    error::Error,
    keys::{self, PathKey},
    runs::Runs,
    store::{Connection, Store, settings},
    telephony::{Telephony, memory::CallMemory},
    workflows::Workflows,
};
use metrics_exporter_prometheus::PrometheusHandle;
use plivo::client::{Client, Secret};
use simulator::Simulator;
use std::{
    net::SocketAddr,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::warn;
use url::Url;

/// The host of Plivo's recordings.
const PLIVO_MEDIA: &str = "media.plivo.com";

/// How often the database is asked whether it can be written.
const CHECK_EVERY: Duration = Duration::from_secs(2);

/// The server's shared parts. Clones are the same server.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The server's parts.
pub struct Parts {
    /// Every setting.
    pub config: Config,
    /// The address it listens on.
    pub address: SocketAddr,
    /// The database.
    pub store: Store,
    /// Workflows and their versions.
    pub workflows: Workflows,
    /// The run hub.
    pub runs: Runs,
    /// The translator between runs and Plivo.
    pub telephony: Telephony,
    /// What is known of calls only while the server runs.
    pub calls: CallMemory,
    /// Plivo's REST API, or the simulator's.
    pub plivo: Client,
    /// The account by which this server and Plivo know each other.
    pub account: Account,
    /// The simulator, in a sandbox.
    pub simulator: Option<Simulator>,
    /// Where the carrier keeps its recordings.
    pub carrier: Vec<HostPort>,
    /// Requests of workflows to the outside.
    pub egress: Egress,
    /// Signs completion webhooks: `whsec_…`, or any text that was given.
    pub webhook_secret: String,
    /// Set when the server is to stop: no new work.
    pub stopping: CancellationToken,
    /// Set when the work under way is finished: no more answers either.
    pub closing: CancellationToken,
    /// Work that a stop waits for.
    pub tasks: TaskTracker,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
    /// How much there is to do.
    pub load: Load,
    is_ready: AtomicBool,
    /// When the database was last found writable or not: anybody may ask, and finding out is work.
    checked: Mutex<Option<(Instant, bool)>>,
}

/// How much there is to do.
#[derive(Debug, Default)]
pub struct Load {
    outbox_depth: AtomicI64,
}

impl Load {
    /// Effects that wait, beyond which no new runs are taken: more than a minute's work for one machine.
    const OUTBOX_DEPTH_MAX: i64 = 20_000;

    /// Notes how many effects wait.
    pub fn set_outbox_depth(&self, depth: i64) {
        self.outbox_depth.store(depth, Ordering::Relaxed);
    }

    /// Whether new runs have to wait.
    pub fn is_too_much(&self) -> bool {
        self.outbox_depth.load(Ordering::Relaxed) > Self::OUTBOX_DEPTH_MAX
    }
}

/// The account by which this server and Plivo know each other.
#[derive(Clone, Debug)]
pub struct Account {
    /// 20 characters, `MA…`.
    pub auth_id: String,
    /// Its password.
    pub auth_token: Secret,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together. Nothing runs yet.
    ///
    /// # Errors
    /// The database cannot be used, or a setting is wrong.
    pub async fn new(
        config: Config,
        address: SocketAddr,
        store: Store,
        metrics: PrometheusHandle,
    ) -> Result<App, Error> {
        let reachable = reachable(address);
        let public_url = config
            .public_url
            .as_ref()
            .map_or_else(|| format!("http://{reachable}"), ToString::to_string);
        let kept = Kept::read(&store, &config).await?;
        let (base_url, simulator) = match &config.carrier {
            Carrier::Live { base_url, .. } => (base_url.clone(), None),
            Carrier::Sandbox { speed } => {
                let base_url = format!("http://{reachable}/simulator/v1");
                let simulator = Simulator::new(simulator::Config {
                    auth_id: kept.account.auth_id.clone(),
                    auth_token: kept.account.auth_token.expose().to_owned(),
                    public_base: base_url.clone(),
                    speed: *speed,
                });
                (base_url, Some(simulator))
            }
        };
        let Account { auth_id, auth_token } = kept.account.clone();
        let carrier = carrier_hosts(&base_url);
        let plivo = Client::new(plivo::client::Config {
            base_url,
            auth_id,
            auth_token: auth_token.clone(),
        })?;
        let telephony = Telephony::new(
            &public_url,
            PathKey::new(kept.path_key),
            auth_token,
            config.from_number.clone(),
        );
        let workflows = Workflows::new(store.clone());
        Ok(App(Arc::new(Parts {
            carrier,
            egress: Egress::new(config.egress_allow.clone(), config.secrets.clone())?,
            runs: Runs::new(store.clone(), workflows.clone()),
            webhook_secret: kept.webhook_secret,
            account: kept.account,
            stopping: CancellationToken::new(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            load: Load::default(),
            is_ready: AtomicBool::new(false),
            checked: Mutex::default(),
            config,
            address,
            store,
            workflows,
            telephony,
            calls: CallMemory::default(),
            plivo,
            simulator,
            metrics,
        })))
    }

    /// Who mail comes from; nobody where no mail can be sent.
    pub fn sender_of_mail(&self) -> Option<lettre::message::Mailbox> {
        match &self.config.smtp {
            Some(smtp) => Some(smtp.from.clone()),
            None if self.simulator.is_some() => "Phloem <phloem@sandbox.invalid>".parse().ok(),
            None => None,
        }
    }

    /// Whether the server takes work: it has started, does not stop, and its database can be written.
    pub async fn is_ready(&self) -> bool {
        if !self.is_ready.load(Ordering::Relaxed) || self.stopping.is_cancelled() {
            return false;
        }
        let mut checked = self.checked.lock().await;
        if let Some((at, is_writable)) = *checked
            && at.elapsed() < CHECK_EVERY
        {
            return is_writable;
        }
        let is_writable = self
            .store
            .check()
            .await
            .inspect_err(|error| warn!(%error, "the database cannot be written"))
            .is_ok();
        *checked = Some((Instant::now(), is_writable));
        is_writable
    }

    /// Says that the server takes work from now on.
    pub fn set_ready(&self) {
        self.is_ready.store(true, Ordering::Relaxed);
    }
}

/// Where the carrier of this REST address keeps its recordings: at the same place, and Plivo at another as well.
fn carrier_hosts(base_url: &str) -> Vec<HostPort> {
    let Ok(url) = Url::parse(base_url) else { return Vec::new() };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Vec::new();
    };
    let own = HostPort { host: host.to_owned(), port };
    let media = (host == "api.plivo.com").then(|| HostPort { host: PLIVO_MEDIA.to_owned(), port });
    [own].into_iter().chain(media).collect()
}

/// What the server made at its first start, or was given.
struct Kept {
    path_key: String,
    webhook_secret: String,
    account: Account,
}

impl Kept {
    async fn read(store: &Store, config: &Config) -> Result<Kept, Error> {
        let mut tx = store.begin().await?;
        let path_key = settings::get_or_make(&mut tx, "path_key", keys::random_key).await?;
        let webhook_secret = match &config.webhook_secret {
            Some(secret) => secret.clone(),
            None => webhook_secret(&mut tx).await?,
        };
        let account = match &config.carrier {
            Carrier::Live { auth_id, auth_token, .. } => {
                Account { auth_id: auth_id.clone(), auth_token: auth_token.clone() }
            }
            Carrier::Sandbox { .. } => {
                // Plivo's SDKs refuse anything but `MA` and 18 capitals or digits.
                let auth_id = settings::get_or_make(&mut tx, "sandbox_auth_id", || {
                    format!("MA{}", keys::random_capitals(18))
                })
                .await?;
                let auth_token =
                    settings::get_or_make(&mut tx, "sandbox_auth_token", keys::random_key).await?;
                Account { auth_id, auth_token: auth_token.into() }
            }
        };
        tx.commit().await?;
        Ok(Kept { path_key, webhook_secret, account })
    }
}

/// The secret of completion webhooks that is kept, for when none is given.
///
/// # Errors
/// The database failed.
pub async fn webhook_secret(connection: &mut Connection) -> Result<String, Error> {
    settings::get_or_make(connection, "webhook_secret", keys::random_webhook_secret).await
}

/// The address under which this machine reaches a server that listens here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    reachable
}
