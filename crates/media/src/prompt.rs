//! The sounds that come with the product: prompts, beep and hold music.

use std::sync::{Arc, OnceLock};

use model::language::Language;

use crate::player::Step;
use crate::program::{Item, Program};
use crate::voice::frames;
use crate::{music, resample, tone};

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

macro_rules! files {
    ($($prompt:ident $name:literal)*) => {
        /// Every prompt, with its files in Russian and English.
        const FILES: &[(Prompt, &str, [&[u8]; 2])] = &[$((
            Prompt::$prompt,
            $name,
            [
                include_bytes!(concat!("../assets/ru/", $name, ".wav")),
                include_bytes!(concat!("../assets/en/", $name, ".wav")),
            ],
        )),*];
    };
}

files! {
    Goodbye "goodbye"
    LineCheck "line-check"
    LineCheckDone "line-check-done"
    QueueWait "queue-wait"
    QueueWelcome "queue-welcome"
    RecordingNotice "recording-notice"
    Transfer "transfer"
    TransferFailed "transfer-failed"
    Voicemail "voicemail"
    VoicemailClosed "voicemail-closed"
}

/// A prompt's file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the prompt {name} is no 16-bit mono WAV at 24 kHz")]
pub struct PromptError {
    name: &'static str,
}

/// All sounds that programs play; cheap to clone. Each is brought to 8 kHz
/// when it is first asked for, so that a start does not wait for all of them.
#[derive(Clone)]
pub struct Prompts(Arc<Sounds>);

struct Sounds {
    prompts: Vec<[Sound; 2]>,
    music: OnceLock<Arc<[i16]>>,
    beep: OnceLock<Arc<[i16]>>,
}

struct Sound {
    file: &'static [u8],
    ready: OnceLock<Arc<[i16]>>,
}

impl Prompts {
    /// Takes the prompts that are built in.
    pub fn load() -> Result<Self, PromptError> {
        let sound = |name, file| {
            let spec = hound::WavReader::new(file).map(|reader| reader.spec());
            match spec {
                Ok(spec)
                    if spec.channels == 1
                        && spec.bits_per_sample == 16
                        && spec.sample_rate == 24_000 =>
                {
                    Ok(Sound {
                        file,
                        ready: OnceLock::new(),
                    })
                }
                _ => Err(PromptError { name }),
            }
        };
        let prompts = FILES
            .iter()
            .map(|(_, name, [ru, en])| Ok([sound(name, ru)?, sound(name, en)?]))
            .collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Sounds {
            prompts,
            music: OnceLock::new(),
            beep: OnceLock::new(),
        })))
    }

    /// A prompt's file: a 16-bit mono WAV at 24 kHz.
    pub fn file(language: Language, prompt: Prompt) -> &'static [u8] {
        // The enum and the list have the same order; a test holds them together.
        FILES[prompt as usize].2[place(language)]
    }

    /// How long a prompt lasts, in milliseconds.
    pub fn ms(&self, language: Language, prompt: Prompt) -> u64 {
        self.prompt(language, prompt).len() as u64 / 8
    }

    fn prompt(&self, language: Language, prompt: Prompt) -> Arc<[i16]> {
        // The enum and the list have the same order; a test holds them together.
        let sound = &self.0.prompts[prompt as usize][place(language)];
        let ready = sound.ready.get_or_init(|| {
            let samples = hound::WavReader::new(sound.file).map(|reader| {
                reader
                    .into_samples()
                    .map_while(Result::ok)
                    .collect::<Vec<i16>>()
            });
            // `load` has read the header, so an error can't be met here; silence would be the mildest answer.
            resample::third(&samples.unwrap_or_default()).into()
        });
        Arc::clone(ready)
    }

    /// Looks a program's sounds up. Takes some milliseconds the first time: not for a media thread.
    pub(crate) fn steps(&self, program: &Program) -> Vec<Step> {
        let played_back = program.0.contains(&Item::PlayBack);
        let step = |item: &Item| match item {
            Item::Prompt(language, prompt) => Step::Sound(self.prompt(*language, *prompt)),
            Item::Music => Step::Loop(Arc::clone(
                self.0.music.get_or_init(|| music::compose().into()),
            )),
            Item::Silence(time) => Step::Silence(frames(*time)),
            Item::Beep => Step::Sound(Arc::clone(self.0.beep.get_or_init(|| tone::beep().into()))),
            Item::Listen {
                max,
                begin_within,
                silence_ends_after,
            } => Step::Listen {
                max: frames(*max),
                begin: frames(*begin_within),
                silence: frames(*silence_ends_after),
                keep: played_back,
            },
            Item::PlayBack => Step::PlayBack,
        };
        program.0.iter().map(step).collect()
    }
}

/// Where a prompt's file in the language stands.
fn place(language: Language) -> usize {
    match language {
        Language::Ru => 0,
        Language::En => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prompt_is_there_in_both_languages() {
        let prompts = Prompts::load().expect("prompts");
        for (at, (prompt, name, _)) in FILES.iter().enumerate() {
            assert_eq!(*prompt as usize, at, "{name} stands out of order");
        }
        for language in [Language::Ru, Language::En] {
            for prompt in [Prompt::Goodbye, Prompt::VoicemailClosed] {
                let ms = prompts.ms(language, prompt);
                assert!((1000..15_000).contains(&ms), "{prompt:?} lasts {ms} ms");
                let sound = prompts.prompt(language, prompt);
                let peak = sound.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
                assert!(peak > 3000, "{prompt:?} is silent");
            }
        }
    }
}
