//! The command line. Exit codes: 0 good, 1 problems found, 2 wrong use or cannot run.
//!
//! Commands that take `--data` work on the same database as a running server, also while it runs.

mod check;
mod data;
mod describe;
mod diff;
mod explain;
mod serve;
mod transcripts;

use clap::{Args, Parser, Subcommand};
use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

/// PHLO-compatible workflows for calls and texts.
#[derive(Parser, Debug)]
#[command(name = "phloem", version, about, propagate_version = true)]
pub struct Command {
    #[command(subcommand)]
    action: Action,
}

/// Where the data is.
#[derive(Args, Debug)]
struct Data {
    /// Folder with the database [env: PHLOEM_DATA] [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Run the server; without PLIVO_AUTH_ID a sandbox with a simulated telephone network
    Serve {
        /// Address and port to listen on [env: PHLOEM_LISTEN] [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        #[command(flatten)]
        data: Data,
    },
    /// Make tokens for services
    Token {
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Print a link by which one person can sign in to the editor, once
    SignIn {
        #[command(flatten)]
        data: Data,
    },
    /// Print the secret that signs completion webhooks, as Standard Webhooks libraries take it
    WebhookSecret {
        #[command(flatten)]
        data: Data,
    },
    /// Save workflow files as drafts
    Import {
        #[command(flatten)]
        data: Data,
        /// Publish them as well
        #[arg(long)]
        publish: bool,
        /// Workflow files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write all drafts into a folder, one file each
    Export {
        #[command(flatten)]
        data: Data,
        /// Folder to write into
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Start a run; prints its id
    Run {
        #[command(flatten)]
        data: Data,
        /// The workflow's id
        id: String,
        /// Parameters as key=value; a value that is JSON is taken as such
        #[arg(value_name = "KEY=VALUE")]
        params: Vec<String>,
    },
    /// Check workflow files: every problem with its line and column, its code and the page that explains it
    Validate {
        /// Mend what can be mended without asking, and write the files in their canonical form
        #[arg(long)]
        fix: bool,
        /// Workflow files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Explain a kind of problem by its code
    Explain {
        /// The code, as `phloem validate` prints it
        code: String,
    },
    /// Write workflow files in their canonical form
    Fmt {
        /// Only say which files are not in it
        #[arg(long)]
        check: bool,
        /// Workflow files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Say in words how two workflow files differ
    Diff {
        /// The old file
        a: PathBuf,
        /// The new file
        b: PathBuf,
    },
    /// Play the transcripts (`.flow`) in a folder
    Test {
        /// Folder with workflows and their transcripts
        dir: PathBuf,
    },
    /// Run the simulated telephone network alone
    Simulator {
        /// Address and port to listen on
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
        listen: SocketAddr,
        /// The account's auth id: 20 characters, MA…
        #[arg(long, env = "PLIVO_AUTH_ID")]
        auth_id: String,
        /// The account's auth token
        #[arg(long, env = "PLIVO_AUTH_TOKEN", hide_env_values = true)]
        auth_token: String,
        /// How fast people are; 1 is real time
        #[arg(long, env = "PHLOEM_SIMULATOR_SPEED", default_value_t = 1.0)]
        speed: f64,
    },
    /// Copy the database into a new file, also while the server runs
    Backup {
        #[command(flatten)]
        data: Data,
        /// File to write; must not exist
        file: PathBuf,
    },
    /// Put a backup in the place of the database; the server must not run
    Restore {
        #[command(flatten)]
        data: Data,
        /// A file made by `phloem backup`
        file: PathBuf,
        /// Replace a database that is there
        #[arg(long)]
        replace: bool,
    },
    /// Ask a server whether it takes work
    Healthcheck {
        /// The server's address
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// Print the JSON Schema of workflow files
    Schema,
    /// Print the OpenAPI description of the API
    Openapi,
}

#[derive(Subcommand, Debug)]
enum TokenAction {
    /// Make a token; prints the token alone
    Create {
        #[command(flatten)]
        data: Data,
        /// What people call it
        #[arg(long)]
        name: String,
        /// run, read, write or admin; several with commas
        #[arg(long)]
        scope: String,
    },
}

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Good,
    /// Problems were found; they are printed.
    Problems,
}

/// Runs a command to its end.
pub fn run(command: Command) -> ExitCode {
    match act(command.action) {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(error) => {
            complain(&format!("phloem: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn act(action: Action) -> anyhow::Result<Outcome> {
    match action {
        Action::Serve { listen, data } => serve::serve(listen, data.data),
        Action::Simulator { listen, auth_id, auth_token, speed } => {
            serve::simulator(listen, auth_id, auth_token, speed)
        }
        Action::Healthcheck { url } => serve::healthcheck(&url),
        Action::Token { action: TokenAction::Create { data, name, scope } } => {
            data::create_token(data.data, &name, &scope)
        }
        Action::WebhookSecret { data } => data::webhook_secret(data.data),
        Action::SignIn { data } => data::sign_in(data.data),
        Action::Import { data, publish, files } => data::import(data.data, publish, &files),
        Action::Export { data, out } => data::export(data.data, &out),
        Action::Run { data, id, params } => data::run(data.data, &id, &params),
        Action::Backup { data, file } => data::backup(data.data, &file),
        Action::Restore { data, file, replace } => data::restore(data.data, &file, replace),
        Action::Validate { files, fix } => check::validate(&files, fix),
        Action::Explain { code } => explain::explain(&code),
        Action::Fmt { check, files } => check::format(&files, check),
        Action::Diff { a, b } => diff::diff(&a, &b),
        Action::Test { dir } => transcripts::test(&dir),
        Action::Schema => describe::schema(),
        Action::Openapi => describe::openapi(),
    }
}

/// A line on standard output. That nobody reads it any more (`| head`) is no error.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line on standard error.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Runs what waits for the network or the database.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
