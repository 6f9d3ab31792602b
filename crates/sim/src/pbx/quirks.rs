//! What real PBXs do otherwise than the standards, or than most.

use std::time::Duration;

use model::audio::Codec;

use super::sdp::Writing;

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
    /// P-Asserted-Identity, while Remote-Party-ID and From name others.
    Disputed,
    /// P-Asserted-Identity as a `tel:` URI behind one without a user (RFC 3325, section 9.1).
    Telephone,
}

/// How the caller's number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialling {
    /// +7 and ten digits.
    #[default]
    International,
    /// 8 and ten digits, as it is dialled in Russia.
    Eight,
    /// 7 and ten digits.
    Seven,
    /// Ten digits.
    Bare,
}

impl Dialling {
    /// The number so written; others than Russian ones stay as they are.
    pub fn spelt(self, number: &str) -> String {
        match (self, number.strip_prefix("+7")) {
            (Self::Eight, Some(ten)) => format!("8{ten}"),
            (Self::Seven, Some(ten)) => format!("7{ten}"),
            (Self::Bare, Some(ten)) => ten.to_owned(),
            _ => number.to_owned(),
        }
    }
}

/// How a pressed key is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// Telephone events in the sound (RFC 4733).
    #[default]
    Events,
    /// INFO with `application/dtmf-relay`.
    Relay,
    /// INFO with `application/dtmf`.
    Info,
    /// Tones in the sound itself (ITU-T Q.23).
    Tones,
}

/// What an answer to a REGISTER is asked to prove, beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// `auth` (RFC 2617).
    #[default]
    Auth,
    /// `auth-int`: the body is in the digest.
    AuthInt,
    /// None, as in RFC 2069.
    Absent,
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
    /// Via stands last.
    Backwards,
    /// Contact has parameters that nobody asked for.
    Ornate,
    /// Everything comes twice.
    Twice,
    /// Empty lines come before each message, to keep a NAT open.
    KeptAlive,
    /// The first ACK of each call is lost.
    LostAck,
}

/// What the PBX changes, or asks, in a call once the line has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The connected party: a re-INVITE that describes the same.
    Same,
    /// The connected party: an UPDATE that describes the same (RFC 3311).
    Updated,
    /// An UPDATE that describes nothing.
    Nothing,
    /// On hold (`sendonly`) and back, so long after.
    Hold(Duration),
    /// On hold by UPDATE, and back.
    UpdatedHold(Duration),
    /// On hold without sound either way (`inactive`), and back.
    Silence(Duration),
    /// On hold as it was before there were directions (0.0.0.0), and back.
    OldHold(Duration),
    /// The sound moves to another port, as when a gateway leaves the way.
    Moves,
    /// The session is refreshed by UPDATE (RFC 4028).
    RefreshedByUpdate,
    /// The session is refreshed by a re-INVITE.
    RefreshedByInvite,
    /// OPTIONS ask whether the call still stands.
    Asked,
    /// A NOTIFY that nobody subscribed to.
    Notified,
}

/// What becomes of a REFER, which asks the PBX to connect the caller with a
/// number (RFC 3515).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Referrals {
    /// The PBX does not know the method (501).
    #[default]
    Unknown,
    /// It is refused (403).
    Refused,
    /// It is accepted (202), and nothing more is told.
    Silent,
    /// It is accepted, and a NOTIFY tells that the number was not to be had (503).
    Failing,
    /// It is accepted, and the number answers: the line's call is over.
    Connecting,
    /// The same, but nobody is there after all: the caller comes back to the line.
    Returning,
}

/// Where messages leave from, beside the address that the PBX is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Responses leave from another port.
    Responses,
    /// Calls come from another server of the same PBX.
    Calls,
}

/// How a PBX differs from most.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    /// The name to log in with, where it is not the extension.
    pub auth_name: Option<&'static str>,
    /// A nonce serves once, and nobody says that it has grown old.
    pub nonces_once: bool,
    /// What digests have to cover.
    pub quality: Quality,
    /// Weaker challenges, and one of another scheme, come before the one that counts.
    pub weaker_too: bool,
    /// The challenge is a proxy's: 407.
    pub as_proxy: bool,
    /// A REGISTER without a contact is a mistake (400).
    pub lists_nothing: bool,
    /// The lifetime stands in Expires, and no contact is listed.
    pub hides_contacts: bool,
    /// Contacts are listed with other parameters than they came with, after another telephone's.
    pub decorates: bool,
    /// The first REGISTERs are refused with 503 and Retry-After.
    pub busy_at_first: u32,
    /// OPTIONS are not answered.
    pub deaf_to_options: bool,
    /// A contact gets a call only once it has answered OPTIONS.
    pub qualifies: bool,
    /// In which header the caller stands.
    pub identity: Identity,
    /// How the caller's number is written.
    pub dialling: Dialling,
    /// The employee who was dialled is shown as the caller.
    pub shows_dialled: bool,
    /// The caller asked not to be shown (RFC 3323), though the headers name them.
    pub private: bool,
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
    /// How keys are told.
    pub keys: Keys,
    /// More streams and attributes than a telephone needs.
    pub chatty: bool,
    /// Opus is offered first, with telephone events of its own clock.
    pub opus: bool,
    /// Two frames of sound go in one packet.
    pub long_packets: bool,
    /// Sound comes from another port than the one described, and is taken there, as behind a NAT.
    pub sound_from_elsewhere: bool,
    /// Ringing is to be confirmed (RFC 3262).
    pub reliable: bool,
    /// The session is to be refreshed within so many seconds.
    pub session_s: Option<u32>,
    /// What changes after the answer.
    pub change: Option<Change>,
    /// An extension can't call itself (404).
    pub refuses_itself: bool,
    /// What becomes of a REFER.
    pub referrals: Referrals,
    /// The keys that transfer the caller, before a number of three figures.
    pub transfer_code: Option<&'static str>,
    /// Where messages leave from.
    pub elsewhere: Option<Elsewhere>,
    /// How datagrams look.
    pub style: Vec<Style>,
    /// Something is announced before those whom it calls answer.
    pub announces: bool,
    /// The only codec that is spoken, where it is not G.711.
    pub only: Option<Codec>,
}

impl Quirks {
    /// How it writes descriptions of sound.
    pub(super) fn writing(&self) -> Writing {
        Writing {
            one_law: self.one_law,
            only: self.only,
            no_events: self.no_events,
            chatty: self.chatty,
            opus: self.opus,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_spelt_as_it_is_dialled() {
        let number = "+79261234567";
        assert_eq!(Dialling::International.spelt(number), number);
        assert_eq!(Dialling::Eight.spelt(number), "89261234567");
        assert_eq!(Dialling::Seven.spelt(number), "79261234567");
        assert_eq!(Dialling::Bare.spelt(number), "9261234567");
        assert_eq!(Dialling::Eight.spelt("+4930123456"), "+4930123456");
    }
}
