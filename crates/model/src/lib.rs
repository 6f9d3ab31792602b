//! The nouns of the service: typed ids, telephone numbers, working hours,
//! lines, calls, messages.
//!
//! Nothing here performs I/O or reads a clock: whoever needs the time passes
//! it in.

pub mod api_key;
pub mod audio;
pub mod call;
pub mod caller;
pub mod cipher;
pub mod company;
pub mod dialling;
pub mod doctor;
pub mod event;
pub mod greeting;
pub mod hours;
pub mod id;
pub mod journal;
pub mod language;
pub mod line;
pub mod message;
pub mod network;
pub mod notice;
pub mod operator;
pub mod pbx;
pub mod phone;
pub mod question;
pub mod secret;
pub mod shift;
pub mod skills;
pub mod supervision;
pub mod transfer;
pub mod user;
pub mod web_address;
