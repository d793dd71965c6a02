//! `cargo xtask bench`: what is promised about speed and memory, measured beside another program in the same minutes. docs/benchmarks.md has the method.

#![expect(clippy::print_stdout, reason = "its result is a table for standard output")]

use crate::command::Cmd;
use crate::workspace::Workspace;
use crate::{editor, report, setup};
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::fs;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Measure only these (by name, comma-separated or repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// How often each measurement is made; the table has the medians
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(3..))]
    rounds: u32,
}

/// One set of measurements, by the name to choose it by.
struct Bench {
    name: &'static str,
    heading: &'static str,
    work: fn(&Workspace, &Options) -> Result<()>,
}

const BENCHES: &[Bench] = &[
    Bench { name: "engine", heading: "The engine beside Node-RED", work: engine },
    Bench {
        name: "canvas",
        heading: "The canvas beside the same scene by hand, React Flow and Node-RED",
        work: canvas,
    },
];

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if let Some(name) =
        options.only.iter().find(|name| !BENCHES.iter().any(|bench| bench.name == *name))
    {
        let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!("there is no benchmark `{name}`; there are {}", names.join(", "));
    }
    let is_chosen = |bench: &&Bench| {
        options.only.is_empty() || options.only.iter().any(|name| name == bench.name)
    };
    for bench in BENCHES.iter().filter(is_chosen) {
        report::step(bench.heading, || (bench.work)(workspace, options))?;
    }
    Ok(())
}

/// One line of the table.
struct Row {
    label: &'static str,
    /// What the two benchmarks call it.
    name: &'static str,
    promise: &'static str,
    has_peer: bool,
}

const ENGINE: [Row; 3] = [
    Row {
        label: "visits/s: switch, template, set variable",
        name: "values",
        promise: "≥ 2,000,000",
        has_peer: true,
    },
    Row {
        label: "visits/s: condition with a formula",
        name: "formulas",
        promise: "≥ 500,000",
        has_peer: true,
    },
    Row { label: "bytes of a waiting run", name: "memory", promise: "≤ 1,024", has_peer: false },
];

fn engine(workspace: &Workspace, options: &Options) -> Result<()> {
    let peer = workspace.path("bench/node-red");
    setup::npm_packages(&peer, "the benchmark's peer", "or put Node.js on the PATH and try again")?;
    let build = ["bench", "--quiet", "-p", "engine", "--bench", "visits", "--no-run"];
    report::step("Building the benchmark", || Cmd::cargo(build).in_dir(workspace.root()).run())?;
    let mut ours = vec![Vec::new(); ENGINE.len()];
    let mut theirs = vec![Vec::new(); ENGINE.len()];
    // In turns, so that a neighbour's load or a hot processor meets both alike.
    for round in 1..=options.rounds {
        report::line(&format!("    round {round} of {}", options.rounds));
        for ((row, ours), theirs) in ENGINE.iter().zip(&mut ours).zip(&mut theirs) {
            let measure = ["bench", "--quiet", "-p", "engine", "--bench", "visits", "--", row.name];
            ours.push(number(&Cmd::cargo(measure).in_dir(workspace.root()).read()?)?);
            if row.has_peer {
                theirs.push(number(
                    &Cmd::new("node", ["visits.mjs", row.name]).in_dir(&peer).read()?,
                )?);
            }
        }
    }
    println!("{}\n", machine(workspace)?);
    println!(
        "| {:<41} | {:>11} | {:>23} | {:>9} | {:>5} |",
        "median (lowest–highest)", "promised", "Phloem", "Node-RED", "ratio"
    );
    println!("|:{:-<41}-|-{:->11}:|-{:->23}:|-{:->9}:|-{:->5}:|", "", "", "", "", "");
    for ((row, ours), theirs) in ENGINE.iter().zip(ours).zip(theirs) {
        let (lowest, median, highest) = spread(ours);
        let ours = format!("{} ({}–{})", grouped(median), short(lowest), short(highest));
        let (peer, ratio) = if row.has_peer {
            let (_, peer, _) = spread(theirs);
            #[expect(clippy::cast_precision_loss, reason = "a ratio of two rates")]
            let ratio = median as f64 / peer as f64;
            (grouped(peer), format!("{ratio:.1}"))
        } else {
            ("–".to_owned(), "–".to_owned())
        };
        println!(
            "| {:<41} | {:>11} | {ours:>23} | {peer:>9} | {ratio:>5} |",
            row.label, row.promise
        );
    }
    Ok(())
}

/// The script prints the table, fails if a promise is broken, and leaves every number in `target/canvas.json`.
fn canvas(workspace: &Workspace, options: &Options) -> Result<()> {
    let script = workspace.path("bench/canvas");
    setup::npm_packages(
        &script,
        "the canvas benchmark",
        "or put Node.js on the PATH and try again",
    )?;
    editor::build(workspace)?;
    let build = ["build", "--quiet", "--release", "--bin", "phloem"];
    report::step("Building the server", || Cmd::cargo(build).in_dir(workspace.root()).run())?;
    let rounds = options.rounds.to_string();
    let (binary, chromium) = (workspace.target_dir().join("release/phloem"), setup::chromium()?);
    let result = workspace.path("target/canvas.json");
    let arguments = ["bench.mjs", "--rounds", &rounds].map(OsString::from).into_iter().chain([
        OsString::from("--binary"),
        binary.into(),
        "--chromium".into(),
        chromium.into(),
        "--json".into(),
        result.into(),
    ]);
    Cmd::new("node", arguments).in_dir(&script).run()
}

fn number(printed: &str) -> Result<u64> {
    printed
        .trim()
        .parse()
        .with_context(|| format!("the benchmark printed no number but: {printed}"))
}

fn spread(mut measured: Vec<u64>) -> (u64, u64, u64) {
    measured.sort_unstable();
    let at = |place: usize| measured.get(place).copied().unwrap_or_default();
    (at(0), at(measured.len() / 2), at(measured.len().saturating_sub(1)))
}

/// With a comma after each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// In thousands or millions, where that is shorter.
fn short(number: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
    let float = number as f64;
    match number {
        0..10_000 => grouped(number),
        10_000..1_000_000 => format!("{:.0}k", float / 1e3),
        _ => format!("{:.2}M", float / 1e6),
    }
}

/// What it was measured on.
fn machine(workspace: &Workspace) -> Result<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism()?;
    let rustc = Cmd::new("rustc", ["--version"]).in_dir(workspace.root()).read()?;
    let node = Cmd::new("node", ["--version"]).read()?;
    let package = fs::read_to_string(workspace.path("bench/node-red/package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package)?;
    let node_red = package["dependencies"]["@node-red/runtime"].as_str().unwrap_or_default();
    let model = model.map_or("unknown processor", |(_, model)| model);
    Ok(format!(
        "{model}, {cores} cores; {}; Node-RED {node_red} on Node.js {}",
        rustc.trim(),
        node.trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::{grouped, short, spread};

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 2_580_216].map(grouped), ["0", "999", "1,000", "2,580,216"]);
        assert_eq!([1_024, 604_939, 2_580_216].map(short), ["1,024", "605k", "2.58M"]);
        assert_eq!(spread(vec![3, 1, 2]), (1, 2, 3));
    }
}
