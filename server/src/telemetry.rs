//! Logs and numbers: set up once a process.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    io::{IsTerminal, stderr},
    sync::OnceLock,
};
use tracing_subscriber::EnvFilter;

/// What is logged if `PHLOEM_LOG` says nothing.
const LOG_DEFAULT: &str = "info,sqlx=warn,hyper=warn";

/// Starts logging to standard error: lines for people at a terminal, JSON for programs. `PHLOEM_LOG` chooses what (`debug`, `server=debug`, …).
pub fn start_logging() {
    let filter =
        EnvFilter::try_from_env("PHLOEM_LOG").unwrap_or_else(|_| EnvFilter::new(LOG_DEFAULT));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let outcome = if stderr().is_terminal() {
        subscriber.compact().try_init()
    } else {
        subscriber.json().flatten_event(true).try_init()
    };
    // Somebody else in this process logs already; that is as good.
    drop(outcome);
}

/// The process's numbers. Every server in the process counts into the same ones.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Another recorder is there only in a program that brings its own; then `/metrics` stays empty.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
