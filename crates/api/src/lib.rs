//! The HTTP side: one endpoint a file, the OpenAPI document made from the
//! handlers, the desk's WebSocket, live events, and the web build.
//!
//! Every request passes, from the outside in: security headers, the words of
//! problems ([`problem`]), our own origin (`csrf`), then the handler, whose
//! extractors (`session`) ask for the role. A handler that names no extractor
//! is open to everybody; the test `coverage` walks the OpenAPI document and
//! fails for each of those that it does not know.

mod config;
mod csrf;
mod demo;
mod endpoint;
mod headers;
mod input;
mod limits;
mod list;
mod live;
mod problem;
mod range;
mod router;
mod sentences;
mod serve;
mod session;
mod store_problem;
mod table;
mod validate;
mod web;

pub use config::{Api, ApiConfig, ApiParts, DecodeWav};
pub use demo::{Demo, DemoMail, DemoRole, DemoSignIn, PlaceCallError};
pub use router::{openapi, operations, router};
pub use serve::serve;
