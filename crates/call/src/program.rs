//! What a caller is given to hear when no operator speaks.

use std::time::Duration;

use crate::limits::Limits;

/// Longest answer to «say something» in the sound check, the time to begin included.
const CHECK_LISTEN: Duration = Duration::from_secs(14);
/// How long a caller may take to think of something to say.
const CHECK_BEGIN: Duration = Duration::from_secs(6);
/// Silence that ends it.
const CHECK_SILENCE: Duration = Duration::from_millis(1500);
/// How long a caller may take to begin a voice message.
const MESSAGE_BEGIN: Duration = Duration::from_secs(10);
/// Silence that ends a voice message.
const MESSAGE_SILENCE: Duration = Duration::from_secs(5);

/// A program for the caller's ear. Each but the endless music ends by itself,
/// and its end is an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// The sound check: say something, hear it back, thank you.
    LineCheck,
    /// The queue answers: all operators are busy, the call is recorded.
    QueueWelcome,
    /// Music without end: in the queue, on hold, while an operator is lost.
    Music,
    /// The place in the queue is kept.
    Reassurance,
    /// A colleague is being called: a word, then music without end.
    Transfer,
    /// Asks for a voice message and takes it.
    VoiceMessage {
        /// Whether it is working time.
        open: bool,
    },
    /// Thanks and good-bye.
    Goodbye,
}

/// A recorded prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prompt {
    /// Asks to say something.
    LineCheck,
    /// The sound check is done.
    LineCheckDone,
    /// All operators are busy, stay on the line.
    QueueWelcome,
    /// The call is recorded.
    RecordingNotice,
    /// The place in the queue is kept.
    QueueWait,
    /// Leave a message after the tone.
    VoiceMessage,
    /// The same, outside of working hours.
    VoiceMessageClosed,
    /// The call is being put through.
    Transfer,
    /// Thanks and good-bye.
    Goodbye,
}

/// One step of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Plays a prompt.
    Prompt(Prompt),
    /// Plays music, without end.
    Music,
    /// A short tone.
    Beep,
    /// Keeps what the caller says.
    Listen {
        /// Ends after this time.
        max: Duration,
        /// Ends after this time where nothing was said at all.
        begin: Duration,
        /// Ends after so much silence once something was said.
        silence: Duration,
    },
    /// Plays what the last `Listen` kept.
    PlayBack,
}

impl Program {
    /// The steps, one after another.
    pub fn steps(self, limits: &Limits) -> Vec<Step> {
        match self {
            Self::LineCheck => vec![
                Step::Prompt(Prompt::LineCheck),
                Step::Listen {
                    max: CHECK_LISTEN,
                    begin: CHECK_BEGIN,
                    silence: CHECK_SILENCE,
                },
                Step::PlayBack,
                Step::Prompt(Prompt::LineCheckDone),
            ],
            Self::QueueWelcome => vec![
                Step::Prompt(Prompt::QueueWelcome),
                Step::Prompt(Prompt::RecordingNotice),
            ],
            Self::Music => vec![Step::Music],
            Self::Reassurance => vec![Step::Prompt(Prompt::QueueWait)],
            Self::Transfer => vec![Step::Prompt(Prompt::Transfer), Step::Music],
            Self::VoiceMessage { open } => vec![
                Step::Prompt(if open {
                    Prompt::VoiceMessage
                } else {
                    Prompt::VoiceMessageClosed
                }),
                Step::Beep,
                Step::Listen {
                    max: limits.voice_message,
                    begin: MESSAGE_BEGIN,
                    silence: MESSAGE_SILENCE,
                },
            ],
            Self::Goodbye => vec![Step::Prompt(Prompt::Goodbye)],
        }
    }

    /// The time after which the program is taken for ended although nobody
    /// said so; none for endless ones.
    pub(crate) fn bound(self, limits: &Limits) -> Option<Duration> {
        let listening = match self {
            Self::Music | Self::Transfer => return None,
            Self::LineCheck => CHECK_LISTEN * 2,
            Self::VoiceMessage { .. } => limits.voice_message,
            Self::QueueWelcome | Self::Reassurance | Self::Goodbye => Duration::ZERO,
        };
        Some(listening + limits.program_slack)
    }
}
