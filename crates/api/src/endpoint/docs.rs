//! The page that tells programmers of companies how to use the API: what keys
//! open, made from the OpenAPI document and the table of `access`, with
//! chapters around it.

pub mod page;
mod reference;
mod shape;
pub mod style;
mod words;
