//! What a call asks of the world.

use model::audio::Digit;
use model::call::{Ending, Happening};
use model::id::UserId;
use model::transfer::{Colleague, TransferWay};

use crate::program::Program;

/// Something to be done, in the order in which it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Let the caller hear ringing.
    Ring,
    /// Open the sound, and the recording with it: it runs until [`Output::CloseSound`].
    /// Answered by `SoundOpened` or `SoundFailed`.
    OpenSound,
    /// Answer the caller's leg with the sound that was opened.
    /// Answered by `LegAnswered`, `LegFailed` or `CallerGone`.
    Answer,
    /// Call the one whom the operator wants, with the sound that was opened.
    /// Answered by `CalleeRinging`, `LegAnswered` and `CalleeGone`.
    Place,
    /// Refuse the caller's leg; it is gone by that.
    Refuse(Refusal),
    /// Hang up the caller's leg, answered or about to be; it is gone by that.
    HangUp,
    /// The caller hears the program from now on, instead of what was heard before.
    /// Answered by `Heard`, unless it is endless or replaced.
    Hear(Program),
    /// Caller and operator hear each other from now on, instead of any
    /// program. Where the operator's browser is not there: `OperatorLost`.
    /// Said before the one who is called answers: until then the operator hears ringing.
    Bridge(UserId),
    /// The operator stays at the call while the caller hears the program:
    /// nobody but a supervisor hears the operator and is heard.
    Attend(UserId),
    /// Nobody hears anybody any more; said between any two of `Bridge`,
    /// `Attend`, `Consult`, `Gather` and `Couple`.
    Unbridge,
    /// Call the colleague through the call's line. Answered by
    /// `ColleagueRinging`, `ColleagueAnswered` and `ColleagueGone`.
    Dial {
        /// Whom.
        colleague: Colleague,
        /// Counts the colleagues of this call; comes back with the answers.
        attempt: u32,
    },
    /// The colleague's leg is to end, ringing or answered, and its sound with it; it is gone by that.
    HangUpColleague,
    /// Ask the PBX to connect the caller with the colleague's number.
    /// Answered by `Referring`, `Referred` and `ReferFailed`; by nothing where the PBX keeps silent.
    Refer {
        /// Whom.
        colleague: Colleague,
        /// Counts like those of `Dial`.
        attempt: u32,
    },
    /// Ask the PBX to connect the caller's leg with the colleague's. Answered like `Refer`.
    Replace {
        /// The number of the colleague's leg.
        attempt: u32,
    },
    /// Press the keys of the PBX's own transfer. Answered by `CodePressing`, then
    /// by `CallerGone` where that worked or by nothing; by `ReferFailed` where
    /// there are no such keys.
    PressCode {
        /// To whom.
        colleague: Colleague,
        /// Counts like those of `Dial`.
        attempt: u32,
    },
    /// A way of handing over worked with this line's PBX, or did not.
    Learnt {
        /// Which one.
        way: TransferWay,
        /// Whether it did.
        works: bool,
    },
    /// Operator and colleague hear each other, the caller hears the program.
    /// Said before the colleague answers: until then the operator hears ringing.
    Consult(UserId),
    /// The colleague hears music instead of an operator who can't be heard at
    /// the moment, or no more. `Gather`, `Couple` and another `Consult` end it too.
    SootheColleague(bool),
    /// Caller, operator and colleague hear each other.
    Gather(UserId),
    /// Caller and colleague hear each other, instead of any program.
    Couple,
    /// The operator's voice is kept from the caller, or no more. Holds over
    /// every `Unbridge` and `Bridge` that follows.
    Mute(bool),
    /// Send the key to the PBX.
    SendDigit(Digit),
    /// Close the sound and the recording; also where `SoundOpened` is still on
    /// its way. Answered by `SoundClosed`, which only a voice message cut
    /// short by the caller waits for.
    CloseSound,
    /// The call waits for an operator.
    Enqueue {
        /// Before all who wait: an operator was lost in mid-call.
        front: bool,
    },
    /// The call does not wait any more.
    LeaveQueue,
    /// The operator is free of this call.
    ReleaseOperator {
        /// Who.
        operator: UserId,
    },
    /// Write into the call's timeline.
    Record(Happening),
    /// The call is over and holds nothing. The last output of every call.
    /// `VoiceMessageLeft` means that the recording is a message to deliver.
    Ended(Ending),
}

/// Why a leg is refused before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Short beeps.
    Busy,
    /// Nobody can take it now.
    Unavailable,
    /// This side can't serve it.
    ServerError,
}
