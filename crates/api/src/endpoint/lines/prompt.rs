//! What the machine says to callers, to listen to.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use call::Prompt;
use model::language::Language;
use serde::{Deserialize, Serialize};
use switchboard::handle::Handle;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::input::Asked;
use crate::session::CompanyAdmin;

/// A recorded prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptName {
    /// The sound check asks to say something.
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

impl From<Prompt> for PromptName {
    fn from(prompt: Prompt) -> Self {
        match prompt {
            Prompt::LineCheck => Self::LineCheck,
            Prompt::LineCheckDone => Self::LineCheckDone,
            Prompt::QueueWelcome => Self::QueueWelcome,
            Prompt::RecordingNotice => Self::RecordingNotice,
            Prompt::QueueWait => Self::QueueWait,
            Prompt::VoiceMessage => Self::VoiceMessage,
            Prompt::VoiceMessageClosed => Self::VoiceMessageClosed,
            Prompt::Transfer => Self::Transfer,
            Prompt::Goodbye => Self::Goodbye,
        }
    }
}

impl From<PromptName> for Prompt {
    fn from(name: PromptName) -> Self {
        match name {
            PromptName::LineCheck => Self::LineCheck,
            PromptName::LineCheckDone => Self::LineCheckDone,
            PromptName::QueueWelcome => Self::QueueWelcome,
            PromptName::RecordingNotice => Self::RecordingNotice,
            PromptName::QueueWait => Self::QueueWait,
            PromptName::VoiceMessage => Self::VoiceMessage,
            PromptName::VoiceMessageClosed => Self::VoiceMessageClosed,
            PromptName::Transfer => Self::Transfer,
            PromptName::Goodbye => Self::Goodbye,
        }
    }
}

/// Which prompt, in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PromptQuery {
    /// Which one.
    name: PromptName,
    /// In which language; the company's where none is given.
    language: Option<Language>,
}

/// A prompt as callers hear it.
#[utoipa::path(get, path = "/api/prompts", tag = "lines", params(PromptQuery),
    responses((status = OK, content_type = "audio/wav", body = Vec<u8>)))]
pub async fn prompt(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<PromptQuery>,
) -> Result<Response, crate::problem::Problem> {
    let language = match query.language {
        Some(language) => language,
        None => {
            let company = api.store.companies().get(admin.company).await?;
            company.value.language
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "audio/wav"),
        // The same for everybody, and the same until the next version.
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((headers, Handle::prompt(language, query.name.into())).into_response())
}
