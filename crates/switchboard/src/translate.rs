//! Between the call's own words and those of signalling, sound and desk.

use std::net::SocketAddr;

use call::{Act, Figures, Input, Limits, Program, Prompt, Refusal, Step, Wish};
use model::audio::{AudioStream, Codec, Direction};
use model::journal::JournalEntry;
use model::language::Language;

use crate::desk::{ChosenState, DeskCommand, OperatorFigures, QueueFigures};
use crate::moment::Moment;

/// Payload type of telephone events in offers of ours.
const DTMF_PAYLOAD: u8 = 101;

/// A program as the sound engine plays it.
pub(crate) fn program(program: Program, limits: &Limits, language: Language) -> media::Program {
    let item = |step| match step {
        Step::Prompt(name) => media::Item::Prompt(language, prompt(name)),
        Step::Music => media::Item::Music,
        Step::Beep => media::Item::Beep,
        Step::Listen {
            max,
            begin,
            silence,
        } => media::Item::Listen {
            max,
            begin_within: begin,
            silence_ends_after: silence,
        },
        Step::PlayBack => media::Item::PlayBack,
    };
    media::Program(program.steps(limits).into_iter().map(item).collect())
}

/// A prompt as the sound engine names it.
pub(crate) fn prompt(prompt: Prompt) -> media::Prompt {
    match prompt {
        Prompt::LineCheck => media::Prompt::LineCheck,
        Prompt::LineCheckDone => media::Prompt::LineCheckDone,
        Prompt::QueueWelcome => media::Prompt::QueueWelcome,
        Prompt::RecordingNotice => media::Prompt::RecordingNotice,
        Prompt::QueueWait => media::Prompt::QueueWait,
        Prompt::VoiceMessage => media::Prompt::Voicemail,
        Prompt::VoiceMessageClosed => media::Prompt::VoicemailClosed,
        Prompt::Goodbye => media::Prompt::Goodbye,
    }
}

/// A refusal as the PBX is told it.
pub(crate) fn refusal(refusal: Refusal) -> sip::Refusal {
    match refusal {
        Refusal::Busy => sip::Refusal::Busy,
        Refusal::Unavailable => sip::Refusal::Unavailable,
        Refusal::ServerError => sip::Refusal::ServerError,
    }
}

/// The end of a leg as the call takes it; none where this side ended it.
pub(crate) fn leg_end(cause: sip::LegEnd) -> Option<Input> {
    match cause {
        sip::LegEnd::Cancelled | sip::LegEnd::HungUp => Some(Input::CallerGone),
        sip::LegEnd::NotConfirmed | sip::LegEnd::Failed | sip::LegEnd::Refused { .. } => {
            Some(Input::LegFailed)
        }
        sip::LegEnd::Released => None,
    }
}

/// What the connection journal keeps of it.
pub(crate) fn journal(entry: sip::JournalEntry) -> JournalEntry {
    match entry {
        sip::JournalEntry::Registered { granted_s, server } => JournalEntry::Registered {
            granted_s,
            server: server.to_string(),
        },
        sip::JournalEntry::Failed { fault } => JournalEntry::Failed { fault },
        sip::JournalEntry::ServerChanged { server } => JournalEntry::ServerChanged {
            server: server.to_string(),
        },
        sip::JournalEntry::Unregistered => JournalEntry::Unregistered,
    }
}

/// Our side of the sound: all that this side can. What of it is used, the
/// PBX's description and the line's settings say.
pub(crate) fn local_stream(address: SocketAddr) -> AudioStream {
    AudioStream {
        address,
        formats: Codec::ALL.map(Into::into).to_vec(),
        dtmf: Some(DTMF_PAYLOAD),
        direction: Direction::SendRecv,
        keys: None,
    }
}

/// What the operator does at a call; none where the frame is about something else.
pub(crate) fn act(command: &DeskCommand) -> Option<(model::id::CallId, Act)> {
    Some(match *command {
        DeskCommand::Hold { call, on } => (call, Act::Hold(on)),
        DeskCommand::Mute { call, on } => (call, Act::Mute(on)),
        DeskCommand::Digit { call, digit } => (call, Act::Digit(digit.0)),
        DeskCommand::HangUp { call } => (call, Act::HangUp),
        _ => return None,
    })
}

/// The state that the operator chose.
pub(crate) fn wish(state: ChosenState) -> Wish {
    match state {
        ChosenState::Ready => Wish::Ready,
        ChosenState::Break => Wish::Break,
        ChosenState::Lunch => Wish::Lunch,
        ChosenState::Offline => Wish::Offline,
    }
}

/// The queue's figures as the desks show them.
pub(crate) fn figures(figures: Figures, now: Moment) -> QueueFigures {
    QueueFigures {
        waiting: figures.waiting,
        longest_wait_since: figures.longest_since.map(|at| now.on_wall(at)),
        operators: OperatorFigures {
            ready: figures.ready,
            on_call: figures.on_call,
            wrap_up: figures.wrap_up,
            away: figures.away,
        },
    }
}
