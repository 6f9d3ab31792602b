//! «Контакты»: callers whom the company knows, and its black list.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;

use model::caller::{KnownCaller, Mark};
use model::id::CallerId;
use model::phone::Phone;
use serde::Serialize;
use utoipa::ToSchema;

/// Longest name of a caller.
pub const NAME_MAX: usize = 200;
/// Longest note about a caller.
pub const NOTE_MAX: usize = 1000;

/// A caller whom the company knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallerView {
    /// Id.
    id: CallerId,
    /// Number as it is stored.
    number: String,
    /// Number for reading.
    number_shown: String,
    /// Name.
    name: String,
    /// What is to be known besides.
    note: String,
    /// How the calls are met.
    mark: Mark,
}

impl CallerView {
    /// As it travels.
    pub fn of(caller: KnownCaller) -> Self {
        let shown = Phone::parse(&caller.number).map(|phone| phone.to_string());
        Self {
            id: caller.id,
            number_shown: shown.unwrap_or_default(),
            number: caller.number,
            name: caller.name,
            note: caller.note,
            mark: caller.mark,
        }
    }
}
