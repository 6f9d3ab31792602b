//! What a caller is given to hear, as a list.

use std::time::Duration;

use model::language::Language;

use crate::prompt::Prompt;

/// Items that are played one after the other. An empty program is silence without an end, and without an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program(pub Vec<Item>);

/// One item of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A spoken prompt.
    Prompt(Language, Prompt),
    /// Hold music. Endless: what stands after it is never reached.
    Music,
    /// Silence.
    Silence(Duration),
    /// A short tone that invites to speak.
    Beep,
    /// Silence in which the caller's voice is kept for [`Item::PlayBack`].
    Listen {
        /// Longest time to listen.
        max: Duration,
        /// Ends earlier where the caller says nothing at all for this long.
        begin_within: Duration,
        /// Ends earlier once the caller has spoken and then been silent for this long.
        silence_ends_after: Duration,
    },
    /// What the latest [`Item::Listen`] kept, from where the voice began.
    PlayBack,
}
