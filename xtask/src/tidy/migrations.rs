//! Migrations: a shipped one never changes again, and both databases have the same ones.

use crate::editor::{files, hex};
use anyhow::Result;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The record of what was shipped: one line a file, `<sha256>  <dialect>/<file>`.
const SHIPPED: &str = "shipped.sha256";

const DIALECTS: [&str; 2] = ["postgres", "sqlite"];

/// Records every migration as shipped.
pub(super) fn ship(dir: &Path) -> Result<()> {
    let lines: String =
        on_disk(dir)?.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    fs::write(dir.join(SHIPPED), lines)?;
    Ok(())
}

pub(super) fn problems(dir: &Path) -> Result<Vec<String>> {
    let on_disk = on_disk(dir)?;
    let shipped = fs::read_to_string(dir.join(SHIPPED)).unwrap_or_default();
    let mut problems = changed(&on_disk, &shipped);
    if DIALECTS.iter().all(|dialect| dir.join(dialect).is_dir()) {
        problems.extend(unpaired(&on_disk));
    }
    Ok(problems)
}

/// Shipped migrations that are gone or different: databases out there have already run the old text.
fn changed(on_disk: &BTreeMap<String, String>, shipped: &str) -> Vec<String> {
    let lines = shipped.lines().filter_map(|line| line.split_once("  "));
    lines
        .filter(|(sum, name)| on_disk.get(*name).is_none_or(|now| now != sum))
        .map(|(_, name)| {
            format!("migrations/{name}: was shipped and must stay as it was; add a new migration")
        })
        .collect()
}

/// Migrations that one database has and the other lacks.
fn unpaired(on_disk: &BTreeMap<String, String>) -> Vec<String> {
    let numbers = |dialect: &str| -> BTreeSet<String> {
        let files = on_disk.keys().filter_map(|name| name.strip_prefix(dialect)?.strip_prefix('/'));
        files.filter_map(|file| Some(file.split_once('_')?.0.to_owned())).collect()
    };
    let [postgres, sqlite] = DIALECTS.map(numbers);
    postgres
        .symmetric_difference(&sqlite)
        .map(|number| {
            format!(
                "migrations: number {number} exists for one database only; write it for the other"
            )
        })
        .collect()
}

/// Each migration's name below the folder, and its checksum.
fn on_disk(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    for dialect in DIALECTS {
        for file in files(&dir.join(dialect))? {
            let name = file.strip_prefix(dir)?.display().to_string();
            sums.insert(name, hex(&Sha256::digest(fs::read(&file)?)));
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::{changed, unpaired};
    use std::collections::BTreeMap;

    fn on_disk(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect()
    }

    #[test]
    fn a_shipped_migration_may_neither_change_nor_vanish() {
        let on_disk = on_disk(&[("sqlite/0001_a.sql", "new"), ("sqlite/0003_c.sql", "same")]);
        let shipped = "old  sqlite/0001_a.sql\ngone  sqlite/0002_b.sql\nsame  sqlite/0003_c.sql\n";
        assert_eq!(changed(&on_disk, shipped).len(), 2);
    }

    #[test]
    fn a_number_that_one_database_lacks_is_named() {
        let on_disk = on_disk(&[
            ("sqlite/0001_a.sql", ""),
            ("postgres/0001_a.sql", ""),
            ("sqlite/0002_b.sql", ""),
        ]);
        let problems = unpaired(&on_disk);
        assert_eq!(
            problems,
            ["migrations: number 0002 exists for one database only; write it for the other"]
        );
    }
}
