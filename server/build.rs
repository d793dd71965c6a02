//! Makes sure that the folders whose files are built into the binary exist: a build without the editor is a server that says so.

use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("..");
    // A debug build reads these files when it is asked for them, so a rebuilt editor needs no rebuilt server.
    let is_embedded = env::var("PROFILE")? == "release";
    for folder in ["target/editor", "workflows"] {
        let folder = root.join(folder);
        fs::create_dir_all(&folder)?;
        if is_embedded {
            println!("cargo::rerun-if-changed={}", folder.display());
        }
    }
    println!("cargo::rerun-if-changed={}", root.join("migrations").display());
    Ok(())
}
