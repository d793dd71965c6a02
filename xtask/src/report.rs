//! What the person at the terminal reads: a heading for each step and how long it took.

#![expect(
    clippy::print_stderr,
    reason = "this is the module that talks to the person at the terminal"
)]

use anyhow::Result;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// Does one step under a heading, and says how long it took.
pub(crate) fn step<T>(heading: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    line(&format!("{} {heading}", bold("==>")));
    let started = Instant::now();
    let result = work();
    let took = seconds(started.elapsed());
    match &result {
        Ok(_) => line(&format!("    {heading}: done in {took}")),
        Err(_) => line(&format!("    {heading}: {} after {took}", bold("failed"))),
    }
    result
}

/// One line to the terminal; standard output stays free for what the started program prints.
pub(crate) fn line(text: &str) {
    eprintln!("{text}");
}

/// Seconds as people read them.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60)
    }
}

fn bold(text: &str) -> String {
    if std::io::stderr().is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}
