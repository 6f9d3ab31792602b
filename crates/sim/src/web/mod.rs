//! Servers of the web that behave as they are told, well or badly.

mod http;
mod listen;
pub mod push;
pub mod receiver;

pub use http::Asked;

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Keeps it and says so.
    Take,
    /// Keeps it, says so, and adds a body that is nothing.
    TakeWithGarbage,
    /// Keeps it and closes the connection without a word: it will come again.
    TakeAndClose,
    /// Keeps nothing and answers with the status.
    Refuse(u16),
    /// The same, and asks for a pause of so many seconds.
    RefuseFor(u16, u64),
    /// Keeps nothing and leads elsewhere.
    Redirect,
    /// Keeps nothing and never answers.
    Hang,
    /// Keeps nothing and closes the connection without a word.
    Close,
    /// Keeps nothing and answers with what is no HTTP.
    Babble,
    /// Keeps nothing, says yes, and closes the connection within its own words.
    CutShort,
}

impl Manner {
    /// Whether the request is kept.
    pub fn keeps(self) -> bool {
        matches!(
            self,
            Self::Take | Self::TakeWithGarbage | Self::TakeAndClose
        )
    }
}
