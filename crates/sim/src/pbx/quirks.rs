//! What real PBXs do otherwise than the standards, or than most.

use std::time::Duration;

use model::audio::Codec;

/// In which header the caller stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// P-Asserted-Identity; From is the same.
    #[default]
    Asserted,
    /// P-Asserted-Identity; From names the PBX.
    AssertedOnly,
    /// Remote-Party-ID; From names the PBX.
    RemoteParty,
    /// From alone.
    From,
}

/// How the datagrams look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Headers by their short names.
    Compact,
    /// Header names in lower case, blanks before the colon.
    Lower,
    /// Long headers go on in the next line.
    Folded,
    /// Names in Windows-1251.
    Cyrillic,
    /// Without Content-Length.
    NoLength,
    /// Everything comes twice.
    Twice,
    /// The first ACK of each call is lost.
    LostAck,
}

/// What the PBX changes in a call once the line has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The connected party: a re-INVITE that describes the same.
    Same,
    /// On hold (`sendonly`) and back, so long after.
    Hold(Duration),
    /// On hold as it was before there were directions (0.0.0.0), and back.
    OldHold(Duration),
}

/// How a PBX differs from most.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    /// The name to log in with, where it is not the extension.
    pub auth_name: Option<&'static str>,
    /// A nonce serves once, and nobody says that it has grown old.
    pub nonces_once: bool,
    /// A REGISTER without a contact is a mistake (400).
    pub lists_nothing: bool,
    /// The first REGISTERs are refused with 503 and Retry-After.
    pub busy_at_first: u32,
    /// OPTIONS are not answered.
    pub deaf_to_options: bool,
    /// In which header the caller stands.
    pub identity: Identity,
    /// The caller's name is in the display name in this spelling; `{}` is the name.
    pub display: Option<&'static str>,
    /// Whom the caller had dialled is not told.
    pub no_diversion: bool,
    /// It is told by History-Info.
    pub history: bool,
    /// Only the preferred law is taken.
    pub one_law: bool,
    /// Telephone events are not offered.
    pub no_events: bool,
    /// More streams and attributes than a telephone needs.
    pub chatty: bool,
    /// Sound comes from another port than the one described.
    pub sound_from_elsewhere: bool,
    /// The session is to be refreshed within so many seconds.
    pub session_s: Option<u32>,
    /// What changes after the answer.
    pub change: Option<Change>,
    /// How datagrams look.
    pub style: Vec<Style>,
    /// The only codec that is spoken, where it is not G.711.
    pub only: Option<Codec>,
}
