//! What the doctor of connections checks at a line, and what it finds.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::pbx::CertificateFlaw;

/// What is checked, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorCheck)]
pub enum Check {
    /// The server's name leads to an address.
    Name,
    /// Somebody answers there.
    Reach,
    /// The PBX lets the line register.
    Register,
    /// It does so again when it asks for another login.
    Nonce,
    /// A call to the line's extension arrives here.
    Arrival,
    /// Both sides have a codec in common.
    Codec,
    /// Who calls is told.
    Caller,
    /// The caller is heard here.
    SoundIn,
    /// The caller hears what is said here.
    SoundOut,
    /// Keys that are pressed arrive.
    Keys,
    /// The call can be put on hold and taken back.
    Hold,
    /// The call lasts longer than what was never confirmed does.
    Stays,
    /// The PBX takes over a call that is transferred.
    Transfer,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Name,
        Self::Reach,
        Self::Register,
        Self::Nonce,
        Self::Arrival,
        Self::Codec,
        Self::Caller,
        Self::SoundIn,
        Self::SoundOut,
        Self::Keys,
        Self::Hold,
        Self::Stays,
        Self::Transfer,
    ];
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorVerdict)]
pub enum Verdict {
    /// It is as it should be.
    Passed,
    /// Calls are served, but something is not as it could be.
    Warned,
    /// It does not work.
    Failed,
    /// It could not be told.
    Skipped,
}

/// Why a check did not pass. Each is one sentence and one place to mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = DoctorCause)]
pub enum Cause {
    /// The server's name has no address.
    NameNotResolved,
    /// The proxy's name has none.
    ProxyNotResolved,
    /// The address lies in a network that must not be reached.
    AddressNotAllowed,
    /// Nobody answers at the server: the address is wrong, or a firewall is silent.
    NoAnswer,
    /// The server is there, but nothing listens at its port.
    PortClosed,
    /// Nobody answers at the proxy.
    ProxyUnreachable,
    /// The port takes connections that are not encrypted.
    PlainPort,
    /// The certificate can't be trusted.
    Certificate {
        /// What is wrong with it.
        flaw: CertificateFlaw,
    },
    /// The PBX does not know the user.
    UserRefused {
        /// Its answer.
        code: u16,
    },
    /// The login was refused.
    WrongPassword,
    /// The PBX asks for a login in a way that is not understood.
    UnknownChallenge,
    /// The login is right, but the PBX takes no more registrations.
    RegistrationLimit,
    /// The PBX says that it is overloaded or out of order.
    Unavailable {
        /// Its answer.
        code: u16,
    },
    /// Another refusal.
    Refused {
        /// The answer.
        code: u16,
    },
    /// The PBX finds each interval too short.
    IntervalRefused,
    /// The PBX grants so short a registration that calls may be missed.
    ShortLived {
        /// Seconds granted.
        granted_s: u32,
    },
    /// Something on the way writes another address into the registration.
    ContactChanged,
    /// A second login is refused.
    NonceRefused,
    /// The line is registered, but calls don't come here.
    NeverArrives,
    /// Calls come from another address than the server's.
    ArrivesFromElsewhere {
        /// That address.
        #[schema(value_type = String)]
        address: SocketAddr,
    },
    /// The PBX and this side have no codec in common.
    NoCommonCodec,
    /// A call arrived, but its invitation can't be served as it is.
    InvitationRefused {
        /// This side's answer.
        code: u16,
    },
    /// Who calls is hidden.
    CallerHidden,
    /// The PBX shows the line itself as the caller.
    CallerIsLine,
    /// Nothing is heard from the PBX.
    NothingHeard,
    /// The PBX does not take, or pass on, what is said here.
    NotHeardThere,
    /// The PBX asks for sound at an address of its own network.
    PrivateAddress {
        /// That address.
        #[schema(value_type = String)]
        address: SocketAddr,
    },
    /// Keys don't arrive.
    KeysLost,
    /// Other keys arrive than were pressed.
    KeysChanged,
    /// Keys come in messages of their own instead of in the sound.
    KeysInMessages,
    /// The PBX refuses to hold a call.
    HoldRefused {
        /// Its answer; none where there was none.
        code: Option<u16>,
    },
    /// A call that is put on hold ends.
    HoldEnds,
    /// The PBX never confirms that a call was answered.
    NotConfirmed,
    /// The line answered, and the PBX never told the caller so.
    AnswerKept,
    /// The PBX never learnt that its answer was confirmed, and ended the call at 32 s.
    ConfirmationLost,
    /// The PBX ends calls by itself.
    EndsAfter {
        /// Seconds from the answer.
        seconds: u64,
    },
    /// The PBX refuses to transfer.
    TransferRefused {
        /// Its answer; none where there was none.
        code: Option<u16>,
    },
    /// The PBX agrees to transfer, and says nothing more.
    TransferSilent,
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DoctorFinding)]
pub struct Finding {
    /// Which.
    pub check: Check,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it did not pass.
    pub cause: Option<Cause>,
    /// What was measured, as it is written everywhere: addresses, codecs, milliseconds.
    pub detail: Option<String>,
}

/// What the doctor waits for a person to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorRequest)]
pub enum Request {
    /// To call the line's extension.
    Call,
    /// To say something into the telephone.
    Speak,
    /// To press 1 where a voice is heard, 2 where not.
    Hear,
    /// To stay on the line while the rest is checked.
    Stay,
}

/// What a person answers to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DoctorAnswer)]
pub enum Reply {
    /// To leave it out.
    Skip,
    /// The voice is heard.
    Heard,
    /// It is not.
    NotHeard,
}

/// What was found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DoctorReport)]
pub struct Report {
    /// The checks that are done, in their order.
    pub findings: Vec<Finding>,
    /// The check that goes on.
    pub current: Option<Check>,
    /// What a person is asked for meanwhile.
    pub request: Option<Request>,
    /// How many seconds longer a person has to stay on the line, where that is asked.
    #[serde(default)]
    pub remaining_s: Option<u32>,
    /// No more comes.
    pub done: bool,
}

impl Report {
    /// What was found of a check.
    pub fn of(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }
}
