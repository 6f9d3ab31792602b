//! Whether the program is alive.

/// 200 while the program is alive.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = OK, body = String)))]
pub async fn health() -> &'static str {
    "ok\n"
}
