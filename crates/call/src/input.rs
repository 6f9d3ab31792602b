//! What can happen to a call.

use std::time::Duration;

use model::audio::Digit;
use model::id::UserId;
use model::transfer::{Colleague, TransferFault, Ways};

use crate::program::Program;

/// Something that happened. Every input may come in every state, and late:
/// one that means nothing there changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The time of [`crate::Call::poll_timeout`] has come.
    TimePassed,

    /// What [`crate::Output::OpenSound`] asked for is there.
    SoundOpened,
    /// It could not be had: no port, no resources.
    SoundFailed,
    /// No sound has come from the caller's side for too long.
    SoundSilent,
    /// A program ran to its end. The one that ended is named, since another
    /// may have replaced it meanwhile.
    Heard {
        /// Which one.
        program: Program,
    },
    /// How much the caller has said so far into the voice message that is
    /// being taken. May come often; comes before `Heard` and before
    /// `SoundClosed`, for it decides whether there is a message.
    Voice {
        /// Voice heard in it, pauses not counted.
        heard: Duration,
    },
    /// The caller pressed a key, whichever way the PBX told it.
    Key {
        /// Which one.
        digit: Digit,
    },
    /// What [`crate::Output::CloseSound`] asked for is done: all that was said is known.
    SoundClosed,

    /// It rings at the one who is called.
    CalleeRinging,
    /// The one who is called can't be had.
    CalleeGone {
        /// Why.
        fault: TransferFault,
    },
    /// The PBX confirmed our answer, or the one who is called answered: sound flows from now on.
    LegAnswered,
    /// The caller left, answered or not.
    CallerGone,
    /// The PBX's side broke: no confirmation, connection lost.
    LegFailed,

    /// The colleague's telephone rings.
    ColleagueRinging {
        /// The number that [`crate::Output::Dial`] carried.
        attempt: u32,
    },
    /// The colleague answered: sound flows.
    ColleagueAnswered {
        /// The number that [`crate::Output::Dial`] carried.
        attempt: u32,
    },
    /// The colleague's leg is over, or never came about; its sound is closed.
    ColleagueGone {
        /// The number that [`crate::Output::Dial`] carried.
        attempt: u32,
        /// Why, where it was not answered.
        fault: TransferFault,
        /// The PBX lets the line place no such call, whoever is called.
        barred: bool,
    },

    /// The PBX is at work on what [`crate::Output::Refer`] asked for.
    Referring {
        /// The number that the output carried.
        attempt: u32,
    },
    /// The keys that [`crate::Output::PressCode`] asked for are being pressed.
    CodePressing {
        /// The number that the output carried.
        attempt: u32,
        /// How long it is until the last one is.
        takes: Duration,
    },
    /// The PBX has connected the caller elsewhere: both legs are to be hung up.
    /// It holds however late it comes.
    Referred {
        /// The number that the output carried.
        attempt: u32,
    },
    /// It has not, and the call is as it was.
    ReferFailed {
        /// The number that the output carried.
        attempt: u32,
        /// Why.
        fault: TransferFault,
    },

    /// The queue offers the call to an operator.
    Offered {
        /// To whom.
        operator: UserId,
    },
    /// The operator did not take it in time.
    OfferMissed {
        /// Who.
        operator: UserId,
    },
    /// The operator declined.
    OfferDeclined {
        /// Who.
        operator: UserId,
    },
    /// The operator took it; the call has left the queue by that.
    Accepted {
        /// Who.
        operator: UserId,
    },
    /// No operator is signed in, so waiting is in vain.
    NobodySignedIn,

    /// The operator at the call does something.
    Operator {
        /// Who; anybody but the one at this call is not obeyed.
        operator: UserId,
        /// What.
        act: Act,
    },
    /// Nothing comes from the operator's browser at the moment. `OperatorBack` or `OperatorLost` follows.
    OperatorStalled {
        /// Who.
        operator: UserId,
    },
    /// The operator's browser, or the way to it, is lost.
    OperatorLost {
        /// Who.
        operator: UserId,
    },
    /// It is back.
    OperatorBack {
        /// Who.
        operator: UserId,
    },

    /// The server stops now; its time for draining is over.
    Stop,
}

/// What an operator may do at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Puts the caller on hold, or takes back from it.
    Hold(bool),
    /// The caller does not hear the operator, or does again.
    Mute(bool),
    /// Presses a telephone key.
    Digit(Digit),
    /// «Сначала поговорить»: calls a colleague; the caller hears music.
    Consult(Colleague),
    /// «Перевести сразу»: the caller is handed over as soon as the colleague answers.
    Transfer(Colleague, Ways),
    /// «Соединить»: caller and colleague talk, the operator is free; before
    /// the colleague's answer it happens at the answer. `replace`: the PBX is
    /// asked to take both over then.
    HandOver {
        /// See above.
        replace: bool,
    },
    /// «Вернуться к звонящему»: without the colleague.
    TakeBack,
    /// «Втроём», or the caller back on hold.
    Together(bool),
    /// Ends the call.
    HangUp,
}
