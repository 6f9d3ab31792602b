//! Lets the crate build before the web build exists.

use std::path::Path;

fn main() {
    let dist = Path::new("../../web/dist");
    // A read-only checkout still builds: the missing folder is allowed for in `lib.rs`.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
}
