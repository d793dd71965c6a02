//! Commands on the database, also while a server uses it.

use super::{Outcome, block_on, check, complain, say};
use crate::{
    access, app,
    config::{Config, Environment},
    runs::{NewRun, Runs},
    seal,
    store::{self, Store},
    workflows::Workflows,
};
use anyhow::{Context, bail};
use engine::{Problem, Trigger, Value};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Who publishes by the command line.
const PUBLISHER: &str = "command line";

async fn open(data: Option<PathBuf>) -> anyhow::Result<(Config, Store)> {
    let data = data.map(|data| data.to_string_lossy().into_owned());
    let config = Config::from_environment(&Environment::of_process([("PHLOEM_DATA", data)]))?;
    let store =
        Store::open(&config.data, config.seal_key.as_ref().map(plivo::client::Secret::expose))
            .await?;
    Ok((config, store))
}

/// `phloem token create`.
pub(super) fn create_token(
    data: Option<PathBuf>,
    name: &str,
    scope: &str,
) -> anyhow::Result<Outcome> {
    block_on(async {
        let (_, store) = open(data).await?;
        let made = access::create_token(&store, name, scope).await?;
        store.close().await;
        say(&made.secret);
        Ok(Outcome::Good)
    })
}

/// `phloem sign-in`.
pub(super) fn sign_in(data: Option<PathBuf>) -> anyhow::Result<Outcome> {
    block_on(async {
        let (config, store) = open(data).await?;
        let key = access::create_sign_in_key(&store).await?;
        let known =
            store::settings::get(&mut *store.reader().await?, store::settings::PUBLIC_URL).await?;
        store.close().await;
        let base = config
            .public_url
            .map(|url| url.to_string())
            .or(known)
            .unwrap_or_else(|| format!("http://{}", config.listen));
        say(&format!("{}/sign-in?key={key}", base.trim_end_matches('/')));
        Ok(Outcome::Good)
    })
}

/// `phloem webhook-secret`.
pub(super) fn webhook_secret(data: Option<PathBuf>) -> anyhow::Result<Outcome> {
    block_on(async {
        let (config, store) = open(data).await?;
        let mut tx = store.begin().await?;
        let secret = match config.webhook_secret {
            Some(secret) => secret,
            None => app::webhook_secret(&mut tx).await?,
        };
        tx.commit().await?;
        store.close().await;
        say(&secret);
        Ok(Outcome::Good)
    })
}

/// `phloem import`.
pub(super) fn import(
    data: Option<PathBuf>,
    publish: bool,
    files: &[PathBuf],
) -> anyhow::Result<Outcome> {
    block_on(async {
        let (_, store) = open(data).await?;
        let workflows = Workflows::new(store.clone());
        let mut outcome = Outcome::Good;
        for file in files {
            let text = check::read(file)?;
            let problems = match engine::workflow::read(&text) {
                Ok(document) => {
                    let saved = workflows.save(&document, None).await?;
                    let has_errors = saved.problems.iter().any(Problem::is_error);
                    let published = if publish && !has_errors {
                        Some(workflows.publish(&document.id, None, PUBLISHER).await?)
                    } else {
                        None
                    };
                    say(&match published {
                        Some(version) => format!(
                            "{}: published as version {version} of `{}`",
                            file.display(),
                            document.id
                        ),
                        None => {
                            format!("{}: saved as the draft of `{}`", file.display(), document.id)
                        }
                    });
                    saved.problems
                }
                Err(problems) => problems,
            };
            for problem in &problems {
                complain(&check::located(file, &text, problem));
            }
            if problems.iter().any(Problem::is_error) {
                outcome = Outcome::Problems;
            }
        }
        store.close().await;
        Ok(outcome)
    })
}

/// `phloem export`.
pub(super) fn export(data: Option<PathBuf>, out: &Path) -> anyhow::Result<Outcome> {
    block_on(async {
        let (_, store) = open(data).await?;
        fs::create_dir_all(out).with_context(|| out.display().to_string())?;
        for row in store::workflows::list(&mut *store.reader().await?).await? {
            // An id is a file name by its own rule; one that is not came from elsewhere.
            if !row.id.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
            }) {
                bail!("the workflow id `{}` is no file name", row.id);
            }
            let file = out.join(format!("{}.json", row.id));
            fs::write(&file, &row.draft).with_context(|| file.display().to_string())?;
            say(&file.display().to_string());
        }
        store.close().await;
        Ok(Outcome::Good)
    })
}

/// `phloem run`: the run is on disk when its id is printed; a running server carries it out within a second, a stopped one when it starts.
pub(super) fn run(data: Option<PathBuf>, id: &str, params: &[String]) -> anyhow::Result<Outcome> {
    let params: BTreeMap<String, Value> =
        params.iter().map(|param| read_param(param)).collect::<anyhow::Result<_>>()?;
    block_on(async {
        let (_, store) = open(data).await?;
        let runs = Runs::new(store.clone(), Workflows::new(store.clone()));
        let new = NewRun {
            workflow_id: id.to_owned(),
            trigger: Trigger::ApiRequest { params },
            source_uuid: None,
            idempotency: None,
        };
        let started = runs.start(new).await?;
        store.close().await;
        say(&started.run_id);
        Ok(Outcome::Good)
    })
}

fn read_param(param: &str) -> anyhow::Result<(String, Value)> {
    let (name, value) =
        param.split_once('=').with_context(|| format!("`{param}` is not key=value"))?;
    // A phone number is text although `+1555` reads as no JSON anyway; lists, objects, numbers and truth are JSON.
    let value = serde_json::from_str::<serde_json::Value>(value)
        .map_or_else(|_| Value::from(value), Value::from);
    Ok((name.to_owned(), value))
}

/// `phloem backup`.
pub(super) fn backup(data: Option<PathBuf>, file: &Path) -> anyhow::Result<Outcome> {
    block_on(async {
        let (config, store) = open(data).await?;
        if file.exists() {
            bail!("{}: is there already; name a new file", file.display());
        }
        store.copy_to(file).await?;
        store.close().await;
        say(&file.display().to_string());
        if config.seal_key.is_none() {
            complain(&format!(
                "remark: the key that opens what callers entered as secrets is not in the backup; keep a copy of {} elsewhere",
                config.data.join(seal::FILE_NAME).display()
            ));
        }
        Ok(Outcome::Good)
    })
}

/// `phloem restore`.
pub(super) fn restore(
    data: Option<PathBuf>,
    file: &Path,
    replace: bool,
) -> anyhow::Result<Outcome> {
    let data = data.map(|data| data.to_string_lossy().into_owned());
    let config = Config::from_environment(&Environment::of_process([("PHLOEM_DATA", data)]))?;
    let target = config.data.join(store::FILE_NAME);
    if target.exists() && !replace {
        bail!(
            "{}: is there already; stop the server and add --replace to overwrite it",
            target.display()
        );
    }
    let header = fs::read(file).with_context(|| file.display().to_string())?;
    if !header.starts_with(b"SQLite format 3\0") {
        bail!("{}: is no backup", file.display());
    }
    fs::create_dir_all(&config.data).with_context(|| config.data.display().to_string())?;
    // The log of the old database must not be applied to the new one.
    for suffix in ["-wal", "-shm"] {
        let beside = config.data.join(format!("{}{suffix}", store::FILE_NAME));
        if beside.exists() {
            fs::remove_file(&beside).with_context(|| beside.display().to_string())?;
        }
    }
    let fresh = config.data.join(format!("{}.restoring", store::FILE_NAME));
    fs::copy(file, &fresh).with_context(|| fresh.display().to_string())?;
    fs::rename(&fresh, &target).with_context(|| target.display().to_string())?;
    // Brings an older backup up to date and shows that it can be read.
    block_on(async {
        let (_, store) = open(Some(config.data.clone())).await?;
        store.check().await?;
        store.close().await;
        Ok(())
    })?;
    say(&target.display().to_string());
    Ok(Outcome::Good)
}
