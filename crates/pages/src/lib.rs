//! The web build, embedded. It stands alone, so that a changed page compiles
//! this crate and the program again, and not all that answers requests.

use rust_embed::{EmbeddedFile, RustEmbed};

/// `web/dist`, which may not have been built when this was compiled.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Build;

/// A file by its path in the web build, with its content's SHA-256.
pub fn file(path: &str) -> Option<EmbeddedFile> {
    Build::get(path)
}
