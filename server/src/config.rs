//! Every setting of the server: its name, its default and what it means. Read once, at start; nothing else looks at the environment.

mod databases;
mod environment;
mod smtp;
mod texts;

pub use databases::{Database, Databases, database_variable};
pub use environment::{Environment, Secrets, secret_variable};
pub use smtp::{Protection, Smtp};
pub use texts::AutomaticTexts;

use crate::error::Error;
use plivo::number::Number;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use url::Url;

/// Where the server listens if it is not told: this machine only.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
/// Where the server keeps its data if it is not told.
pub const DATA_DEFAULT: &str = "data";
/// The numbers a sandbox owns; the first is its own sender.
pub const SANDBOX_NUMBERS: [&str; 10] = [
    "+15550100000",
    "+15550100001",
    "+15550100002",
    "+15550100003",
    "+15550100004",
    "+15550100005",
    "+15550100006",
    "+15550100007",
    "+15550100008",
    "+15550100009",
];

/// Every setting.
#[derive(Clone, Debug)]
pub struct Config {
    /// `PHLOEM_LISTEN`, `--listen`: address and port. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// `PHLOEM_DATA`, `--data`: the folder with the database.
    pub data: PathBuf,
    /// `PHLOEM_PUBLIC_URL`: the address under which the outside reaches this server. In a sandbox the address it listens on.
    pub public_url: Option<Url>,
    /// `PHLOEM_FROM_NUMBER`: where calls and texts come from when a workflow names no number.
    pub from_number: Number,
    /// The carrier.
    pub carrier: Carrier,
    /// `PHLOEM_EGRESS_ALLOW`: `host:port,…` that workflows may reach although the guard would refuse.
    pub egress_allow: Vec<HostPort>,
    /// `PHLOEM_SECRET_NAME` and `PHLOEM_SECRET_NAME_FILE`: values that workflows name as `{"$secret": "name"}`, by name in capitals.
    pub secrets: Secrets,
    /// `PHLOEM_WEBHOOK_SECRET`: key of the signatures on completion webhooks; without it one is made and kept.
    pub webhook_secret: Option<String>,
    /// `PHLOEM_SEAL_KEY`: what seals secrets that callers enter; without it a key is made and kept in `seal.key` in the data folder.
    pub seal_key: Option<plivo::client::Secret>,
    /// The mail server; without one a sandbox keeps its mail, and any other server sends none.
    pub smtp: Option<Smtp>,
    /// `PHLOEM_DATABASE_NAME_…`: databases that workflows may ask.
    pub databases: Databases,
    /// What people are answered who write STOP, START or HELP.
    pub automatic_texts: AutomaticTexts,
    /// How the server paces itself; not settings for users.
    pub pace: Pace,
}

/// The carrier behind the server.
#[derive(Clone, Debug)]
pub enum Carrier {
    /// No account: the simulator runs inside the server.
    Sandbox {
        /// `PHLOEM_SIMULATOR_SPEED`: 1 is real time for people.
        speed: f64,
    },
    /// Plivo, or what speaks like it.
    Live {
        /// `PLIVO_AUTH_ID`.
        auth_id: String,
        /// `PLIVO_AUTH_TOKEN`.
        auth_token: plivo::client::Secret,
        /// `PHLOEM_PLIVO_URL`: everything before `/Account/`.
        base_url: String,
    },
}

/// How the server paces itself.
#[derive(Clone, Debug)]
pub struct Pace {
    /// How long a voice webhook is held until the run has something to say: Plivo gives up after 40 s, and people after two.
    pub hold: Duration,
    /// When the carrier's lists are asked about an effect whose outcome is unknown, after the attempt. The last is long enough for a list to catch up.
    pub reconcile: Vec<Duration>,
    /// How long a stop waits for work under way.
    pub drain: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            hold: Duration::from_secs(2),
            reconcile: vec![
                Duration::from_secs(1),
                Duration::from_secs(4),
                Duration::from_secs(10),
            ],
            drain: Duration::from_secs(25),
        }
    }
}

/// A host and port that workflows may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// A name or an address, lower-case, an IPv6 address in brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Config {
    /// A sandbox on a free port of this machine; for tests and tools.
    ///
    /// # Errors
    /// Never in practice: all values are known to be right.
    pub fn sandbox(data: impl Into<PathBuf>) -> Result<Config, Error> {
        let mut config = Config::from_environment(&Environment::default())?;
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.data = data.into();
        Ok(config)
    }

    /// Reads all settings.
    ///
    /// # Errors
    /// A value that cannot be right, or one that is missing; the message names the variable and the remedy.
    pub fn from_environment(environment: &Environment) -> Result<Config, Error> {
        refuse_other_databases(environment)?;
        let listen = environment.get("PHLOEM_LISTEN")?.unwrap_or_else(|| LISTEN_DEFAULT.to_owned());
        let listen = listen.parse().map_err(|_| {
            Error::Setting(format!(
                "PHLOEM_LISTEN is `{listen}`; write an address and a port, such as {LISTEN_DEFAULT}"
            ))
        })?;
        let from_number =
            environment.get("PHLOEM_FROM_NUMBER")?.unwrap_or_else(|| SANDBOX_NUMBERS[0].to_owned());
        let from_number = Number::parse(&from_number)
            .map_err(|error| Error::Setting(format!("PHLOEM_FROM_NUMBER: {error}")))?;
        let public_url =
            environment.get("PHLOEM_PUBLIC_URL")?.map(|text| public_url(&text)).transpose()?;
        let carrier = carrier(environment, public_url.is_some())?;
        let allow = environment.get("PHLOEM_EGRESS_ALLOW")?.unwrap_or_default();
        Ok(Config {
            listen,
            data: PathBuf::from(
                environment.get("PHLOEM_DATA")?.unwrap_or_else(|| DATA_DEFAULT.to_owned()),
            ),
            public_url,
            from_number,
            carrier,
            egress_allow: allow
                .split(',')
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
                .map(HostPort::parse)
                .collect::<Result<_, _>>()?,
            secrets: environment.secrets()?,
            webhook_secret: environment.get("PHLOEM_WEBHOOK_SECRET")?,
            seal_key: environment.get("PHLOEM_SEAL_KEY")?.map(Into::into),
            smtp: Smtp::read(environment)?,
            databases: Databases::read(environment)?,
            automatic_texts: AutomaticTexts::read(environment)?,
            pace: Pace::default(),
        })
    }

    /// `sandbox` or `live`.
    pub fn mode(&self) -> &'static str {
        match self.carrier {
            Carrier::Sandbox { .. } => "sandbox",
            Carrier::Live { .. } => "live",
        }
    }
}

impl HostPort {
    /// Reads `host:port`.
    ///
    /// # Errors
    /// The port is missing or no number.
    pub fn parse(text: &str) -> Result<HostPort, Error> {
        let wrong = || {
            Error::Setting(format!(
                "PHLOEM_EGRESS_ALLOW holds `{text}`; write host:port, such as 127.0.0.1:9000"
            ))
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        // Read as the same parser reads addresses in workflows, so that every spelling of a host is the same host.
        let url = Url::parse(&format!("http://{host}/")).map_err(|_| wrong())?;
        Ok(HostPort { host: url.host_str().ok_or_else(wrong)?.to_owned(), port })
    }
}

fn refuse_other_databases(environment: &Environment) -> Result<(), Error> {
    match environment.get("PHLOEM_DATABASE_URL")? {
        Some(url) if url.starts_with("postgres") => Err(Error::Setting(
            "PHLOEM_DATABASE_URL names a PostgreSQL database, and this version keeps its data in SQLite only; unset it and set PHLOEM_DATA to a folder".to_owned(),
        )),
        Some(_) => Err(Error::Setting("PHLOEM_DATABASE_URL is not understood; unset it and set PHLOEM_DATA to a folder".to_owned())),
        None => Ok(()),
    }
}

fn public_url(text: &str) -> Result<Url, Error> {
    let wrong = || {
        Error::Setting(format!(
            "PHLOEM_PUBLIC_URL is `{text}`; write the address by which Plivo reaches this server, such as https://phloem.example.com"
        ))
    };
    let mut url = Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn carrier(environment: &Environment, has_public_url: bool) -> Result<Carrier, Error> {
    let Some(auth_id) = environment.get("PLIVO_AUTH_ID")? else {
        let speed = environment.get("PHLOEM_SIMULATOR_SPEED")?.unwrap_or_else(|| "1".to_owned());
        let speed: f64 = speed.parse().ok().filter(|speed: &f64| *speed > 0.0 && *speed <= 1000.0).ok_or_else(|| {
            Error::Setting(format!("PHLOEM_SIMULATOR_SPEED is `{speed}`; write a number above 0 and up to 1000, where 1 is real time"))
        })?;
        return Ok(Carrier::Sandbox { speed });
    };
    let auth_token = environment.get("PLIVO_AUTH_TOKEN")?.ok_or_else(|| {
        Error::Setting(
            "PLIVO_AUTH_ID is set and PLIVO_AUTH_TOKEN is not; set both, or neither for a sandbox"
                .to_owned(),
        )
    })?;
    if !has_public_url {
        let message = "PLIVO_AUTH_ID is set and PHLOEM_PUBLIC_URL is not; set the address by which Plivo reaches this server";
        return Err(Error::Setting(message.to_owned()));
    }
    let base_url =
        environment.get("PHLOEM_PLIVO_URL")?.unwrap_or_else(|| plivo::client::PLIVO_URL.to_owned());
    Ok(Carrier::Live { auth_id, auth_token: auth_token.into(), base_url })
}

#[cfg(test)]
mod tests {
    use super::{Carrier, Config, Environment, HostPort};

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let environment: Environment =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_environment(&environment).map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_account_it_is_a_sandbox() {
        let config = read(&[]).unwrap();
        assert_eq!(config.mode(), "sandbox");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.from_number.as_str(), "+15550100000");
    }

    #[test]
    fn a_live_server_needs_its_token_and_its_address() {
        assert!(read(&[("PLIVO_AUTH_ID", "MA")]).unwrap_err().contains("PLIVO_AUTH_TOKEN"));
        assert!(
            read(&[("PLIVO_AUTH_ID", "MA"), ("PLIVO_AUTH_TOKEN", "t")])
                .unwrap_err()
                .contains("PHLOEM_PUBLIC_URL")
        );
        let config = read(&[
            ("PLIVO_AUTH_ID", "MA"),
            ("PLIVO_AUTH_TOKEN", "t"),
            ("PHLOEM_PUBLIC_URL", "https://p.example/"),
        ])
        .unwrap();
        assert!(matches!(config.carrier, Carrier::Live { .. }));
        assert!(!format!("{config:?}").contains("\"t\""));
    }

    #[test]
    fn wrong_values_are_named() {
        assert!(read(&[("PHLOEM_LISTEN", "here")]).unwrap_err().contains("PHLOEM_LISTEN"));
        assert!(read(&[("PHLOEM_DATABASE_URL", "postgres://x")]).unwrap_err().contains("SQLite"));
        assert!(
            read(&[("PHLOEM_SIMULATOR_SPEED", "-1")])
                .unwrap_err()
                .contains("PHLOEM_SIMULATOR_SPEED")
        );
        assert!(read(&[("PHLOEM_EGRESS_ALLOW", "localhost")]).unwrap_err().contains("host:port"));
    }

    #[test]
    fn secrets_come_by_value_or_by_file_and_by_any_spelling_of_their_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "from a file\n").unwrap();
        let path = file.path().to_str().unwrap();
        let config =
            read(&[("PHLOEM_SECRET_STATUS_API", "s3cret"), ("PHLOEM_SECRET_SLACK_FILE", path)])
                .unwrap();
        assert_eq!(config.secrets.get("status-api"), Some("s3cret"));
        assert_eq!(config.secrets.get("Slack"), Some("from a file"));
        assert_eq!(config.secrets.get("other"), None);
        assert!(!format!("{config:?}").contains("s3cret"));
    }

    #[test]
    fn every_setting_stands_in_the_manual() {
        let manual = include_str!("../../docs/settings.md");
        let sources = [
            include_str!("config.rs"),
            include_str!("config/databases.rs"),
            include_str!("config/environment.rs"),
            include_str!("config/smtp.rs"),
            include_str!("config/texts.rs"),
        ];
        let mut names = 0;
        for source in sources {
            let code = source.split("#[cfg(test)]").next().unwrap();
            for text in code.split('"').skip(1).step_by(2) {
                let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
                if (text.starts_with("PHLOEM_") || text.starts_with("PLIVO_"))
                    && text.chars().all(is_name)
                {
                    names += 1;
                    assert!(manual.contains(&format!("`{text}")), "{text}");
                }
            }
        }
        assert!(names > 15, "only {names} settings were found; the sources look different now");
    }

    #[test]
    fn an_allowed_host_is_the_same_in_every_spelling() {
        assert_eq!(
            HostPort::parse("127.1:80").unwrap(),
            HostPort { host: "127.0.0.1".to_owned(), port: 80 }
        );
        assert_eq!(
            HostPort::parse("LocalHost:9").unwrap(),
            HostPort { host: "localhost".to_owned(), port: 9 }
        );
        assert_eq!(
            HostPort::parse("[::1]:9").unwrap(),
            HostPort { host: "[::1]".to_owned(), port: 9 }
        );
    }
}
