//! The HTTP side as clients meet it: the whole router in this process, over a
//! real database, a real switchboard and a folder of recordings.

mod accounts;
mod board;
mod callers;
mod calls;
mod checklist;
mod coverage;
mod demo;
mod desk;
mod docs;
mod exports;
mod input;
mod keys;
mod lines;
mod messages;
mod old_api;
mod operations;
mod outgoing;
mod platform;
mod push;
mod questions;
mod settings;
mod sign_in;
mod tables;
mod web;
mod webhooks;
mod world;
