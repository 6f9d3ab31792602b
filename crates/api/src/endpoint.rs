//! The endpoints, a folder for each noun and a file for each endpoint.

pub mod callers;
pub mod calls;
pub mod checklist;
pub mod colleagues;
pub mod company;
pub mod demo;
pub mod departments;
pub mod desk;
pub mod docs;
pub mod employees;
pub mod escalations;
pub mod figures;
pub mod hours;
pub mod keys;
pub mod lines;
pub mod me;
pub mod messages;
pub mod operations;
pub mod password_resets;
pub mod platform;
pub mod push;
pub mod rotas;
pub mod session;
pub mod sessions;
pub mod v1;
pub mod webhooks;
