//! The HTTP side as clients meet it: the whole router in this process, over a
//! real database, a real switchboard and a folder of recordings.

mod accounts;
mod calls;
mod checklist;
mod coverage;
mod demo;
mod desk;
mod exports;
mod input;
mod lines;
mod messages;
mod operations;
mod platform;
mod push;
mod settings;
mod sign_in;
mod tables;
mod web;
mod webhooks;
mod world;
