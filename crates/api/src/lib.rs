//! The HTTP side: one endpoint a file, the OpenAPI document made from the
//! handlers, the desk's WebSocket, live events, and the pages.
//!
//! Every request passes, from the outside in: security headers, the words of
//! problems ([`problem`]), our own origin (`csrf`), the table of who may do
//! what ([`access`]), then the handler, whose extractors (`session`) tell what
//! of a company is seen. An endpoint without a row in the table lets nobody
//! in; the test `coverage` walks the OpenAPI document and fails for it.

mod access;
mod agent;
mod config;
mod csrf;
mod demo;
mod endpoint;
mod headers;
pub mod hooks;
mod input;
mod limits;
mod list;
mod live;
pub mod people;
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

pub use access::{Access, RULES, Rule};
pub use config::{Api, ApiConfig, ApiParts, DecodeWav};
pub use demo::{Demo, DemoMail, DemoRole, DemoSignIn, PlaceCallError};
pub use router::{openapi, operations, router};
pub use serve::serve;
pub use web::Page;
