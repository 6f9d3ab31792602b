//! Between the call's own words and those of signalling, sound and desk.

use std::net::SocketAddr;

use call::{Act, Figures, Input, Limits, Program, Prompt, Refusal, Step, Wish};
use model::audio::{AudioStream, Codec, Direction};
use model::id::CallId;
use model::journal::JournalEntry;
use model::language::Language;
use model::operator::OperatorState;
use model::transfer::{TransferFault, Ways};

use crate::desk::{ChosenState, DeskCommand, OperatorFigures, QueueFigures, SoundTestStage};
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
        Prompt::Transfer => media::Prompt::Transfer,
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

/// The end of a leg that was placed and not answered; none where this side ended it.
pub(crate) fn callee_end(cause: sip::LegEnd) -> Option<Input> {
    match cause {
        sip::LegEnd::Released => None,
        cause => Some(Input::CalleeGone {
            fault: colleague_end(cause),
        }),
    }
}

/// Why a colleague's leg is over, where it was not answered.
pub(crate) fn colleague_end(cause: sip::LegEnd) -> TransferFault {
    match cause {
        sip::LegEnd::Refused { code } => colleague_fault(code),
        sip::LegEnd::HungUp | sip::LegEnd::Cancelled => TransferFault::Left,
        sip::LegEnd::NotConfirmed | sip::LegEnd::Failed | sip::LegEnd::Released => {
            TransferFault::Failed
        }
    }
}

/// Whether the PBX lets the line place no such call, whoever is called. A
/// number that it does not know, or a telephone that is off, is no sign of that.
pub(crate) fn is_barred(cause: sip::LegEnd) -> bool {
    matches!(
        cause,
        sip::LegEnd::Refused {
            code: 401 | 403 | 405 | 407 | 501
        }
    )
}

fn colleague_fault(code: u16) -> TransferFault {
    match code {
        // 487: it rang until somebody had enough of that.
        408 | 480 | 487 => TransferFault::NoAnswer,
        486 | 600 | 603 => TransferFault::Busy,
        500.. => TransferFault::Failed,
        _ => TransferFault::Refused,
    }
}

/// What a PBX tells of a transfer that it was asked for.
pub(crate) fn referral(referral: sip::Referral, attempt: u32) -> Input {
    let failed = |fault| Input::ReferFailed { attempt, fault };
    match referral {
        sip::Referral::Going => Input::Referring { attempt },
        sip::Referral::Connected => Input::Referred { attempt },
        sip::Referral::NotConnected { code } => failed(colleague_fault(code)),
        // Whatever the code, it is not the colleague who says no.
        sip::Referral::Refused { .. } => failed(TransferFault::Refused),
        sip::Referral::Failed => failed(TransferFault::Failed),
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

/// Our side of a colleague's leg: the caller's codec first, so that nothing is transcoded between the two.
pub(crate) fn offered_stream(address: SocketAddr, caller: Option<&AudioStream>) -> AudioStream {
    let mut stream = local_stream(address);
    let first = caller.and_then(|caller| caller.formats.first());
    let first = first.map(|format| format.codec);
    (stream.formats).sort_by_key(|format| Some(format.codec) != first);
    stream
}

/// What the operator does at a call; none where the frame is about something else.
pub(crate) fn act(
    command: &DeskCommand,
    ways: impl FnOnce(CallId) -> (Ways, bool),
) -> Option<(CallId, Act)> {
    Some(match *command {
        DeskCommand::Hold { call, on } => (call, Act::Hold(on)),
        DeskCommand::Mute { call, on } => (call, Act::Mute(on)),
        DeskCommand::Digit { call, digit } => (call, Act::Digit(digit.0)),
        DeskCommand::Consult { call, to } => (call, Act::Consult(to)),
        DeskCommand::Transfer { call, to } => (call, Act::Transfer(to, ways(call).0)),
        DeskCommand::HandOver { call } => (
            call,
            Act::HandOver {
                replace: ways(call).1,
            },
        ),
        DeskCommand::TakeBack { call } => (call, Act::TakeBack),
        DeskCommand::Together { call, on } => (call, Act::Together(on)),
        DeskCommand::HangUp { call } => (call, Act::HangUp),
        _ => return None,
    })
}

/// How far a call to oneself has come, for the desk.
pub(crate) fn test_stage(stage: media::EchoStage) -> SoundTestStage {
    match stage {
        media::EchoStage::Listening => SoundTestStage::Listening,
        media::EchoStage::Playing => SoundTestStage::Playing,
        media::EchoStage::Done => SoundTestStage::Done,
    }
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

/// The same as a state.
pub(crate) fn chosen(state: ChosenState) -> OperatorState {
    match state {
        ChosenState::Ready => OperatorState::Ready,
        ChosenState::Break => OperatorState::Break,
        ChosenState::Lunch => OperatorState::Lunch,
        ChosenState::Offline => OperatorState::Offline,
    }
}

/// The queue's figures as the desks show them.
pub(crate) fn figures(figures: Figures, now: Moment) -> QueueFigures {
    QueueFigures {
        waiting: figures.waiting,
        longest_wait_since: figures.longest_since.map(|at| now.on_wall(at)),
        estimated_wait_s: figures.estimated_wait.map(|wait| wait.as_secs()),
        operators: OperatorFigures {
            ready: figures.ready,
            on_call: figures.on_call,
            wrap_up: figures.wrap_up,
            away: figures.away,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_barred_where_the_pbx_says_no_and_not_where_the_colleague_does() {
        let refused = |code| sip::LegEnd::Refused { code };
        for code in [401, 403, 405, 407, 501] {
            assert!(is_barred(refused(code)), "{code}");
        }
        for code in [404, 408, 480, 486, 487, 503, 600, 603] {
            assert!(!is_barred(refused(code)), "{code}");
        }
        assert!(!is_barred(sip::LegEnd::Failed));
    }
}
