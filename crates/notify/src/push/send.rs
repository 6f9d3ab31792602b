//! One attempt to push to all the browsers of an employee.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use model::web_address::WebAddress;
use store::PushSubscription;
use uuid::Uuid;

use super::seal::{Keys, TEXT_MAX, seal};
use super::vapid::Vapid;
use crate::http::{Outbound, Request};

/// How long a push service keeps it for a browser that is away: as long as a
/// letter would be tried.
const KEPT_FOR: Duration = Duration::from_secs(72 * 60 * 60);

/// Longest text of a notification, in characters: a telephone shows less.
const WORDS_MAX: usize = 600;

/// What the browser is told.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Note {
    /// The message, which is opened.
    pub(crate) message: Uuid,
    /// The delivery, which the browser confirms.
    pub(crate) delivery: Uuid,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) urgent: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// A push service has taken it for one browser at least.
    Taken,
    /// None has; one may later, not before that pause.
    Later(String, Option<Duration>),
    /// None ever will.
    Never(String),
}

/// Pushes.
#[derive(Clone, Copy)]
pub(crate) struct Push<'a> {
    pub(crate) outbound: &'a Outbound,
    pub(crate) vapid: &'a Vapid,
}

/// What one push service made of it.
enum Reached {
    Taken,
    Gone,
    Later(String, Option<Duration>),
    Never(String),
}

impl Push<'_> {
    /// Pushes to all of them at once. Gives what came of it, and the browsers
    /// that are no more.
    pub(crate) async fn send(&self, to: &[PushSubscription], note: &Note) -> (Pushed, Vec<Uuid>) {
        let body = match note.body() {
            Ok(body) => body,
            Err(error) => return (Pushed::Never(error.to_string()), Vec::new()),
        };
        let all = to.iter().map(|one| self.reach(one, note, &body));
        let mut gone = Vec::new();
        let mut pushed = Pushed::Never("no browser takes notifications any more".into());
        for (one, reached) in to.iter().zip(join_all(all).await) {
            match (reached, &pushed) {
                (Reached::Gone, _) => gone.push(one.id),
                (_, Pushed::Taken) => {}
                (Reached::Taken, _) => pushed = Pushed::Taken,
                (Reached::Later(error, pause), _) => pushed = Pushed::Later(error, pause),
                (Reached::Never(_), Pushed::Later(..)) => {}
                (Reached::Never(error), _) => pushed = Pushed::Never(error),
            }
        }
        (pushed, gone)
    }

    async fn reach(&self, to: &PushSubscription, note: &Note, body: &[u8]) -> Reached {
        let Ok(endpoint) = to.endpoint.parse::<WebAddress>() else {
            return Reached::Gone;
        };
        let keys = keys(to).ok_or(());
        let Ok(sealed) = keys.and_then(|keys| seal(&keys, body).map_err(|_| ())) else {
            // Nothing can ever be read with such keys.
            return Reached::Gone;
        };
        let token = self
            .vapid
            .authorization(&endpoint.origin(), Timestamp::now());
        let token = match token {
            Ok(token) => token,
            Err(error) => return Reached::Later(error.to_string(), None),
        };
        let headers = vec![
            ("content-type", "application/octet-stream".into()),
            ("content-encoding", "aes128gcm".into()),
            ("ttl", KEPT_FOR.as_secs().to_string()),
            (
                "urgency",
                if note.urgent { "high" } else { "normal" }.into(),
            ),
            // A repeat takes the place of what the browser has not got yet. 32
            // characters are the most (RFC 8030, section 5.4).
            ("topic", note.message.simple().to_string()),
            ("authorization", token),
        ];
        let request = Request {
            to: &endpoint,
            headers,
            body: sealed,
        };
        match self.outbound.post(request).await {
            Ok(answer) => match answer.status {
                200..=299 => Reached::Taken,
                404 | 410 => Reached::Gone,
                status @ (408 | 425 | 429 | 500..=599) => {
                    Reached::Later(answered(status), answer.retry_after)
                }
                // Our key or token, and somebody may mend it.
                status @ (401 | 403) => Reached::Later(answered(status), None),
                status => Reached::Never(answered(status)),
            },
            Err(error) => Reached::Later(error.to_string(), None),
        }
    }
}

impl Note {
    /// JSON, cut so that it fits.
    fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut note = self.clone();
        let mut left = WORDS_MAX;
        loop {
            if note.text.chars().count() > left {
                note.text = note.text.chars().take(left.saturating_sub(1)).collect();
                note.text.push('…');
            }
            let body = serde_json::to_vec(&note)?;
            if body.len() <= TEXT_MAX || left == 0 {
                return Ok(body);
            }
            left /= 2;
        }
    }
}

fn answered(status: u16) -> String {
    format!("the push service answered {status}")
}

fn keys(to: &PushSubscription) -> Option<Keys> {
    Some(Keys {
        point: to.point.as_slice().try_into().ok()?,
        auth: to.auth.as_slice().try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_what_a_push_holds() {
        for text in ["ы".repeat(5000), "\u{1}".repeat(5000), "короткий".into()] {
            let note = Note {
                message: Uuid::nil(),
                delivery: Uuid::nil(),
                title: "Анна".into(),
                text: text.clone(),
                urgent: false,
            };
            let body = note.body().expect("JSON");
            assert!(body.len() <= TEXT_MAX, "{}", body.len());
            let told: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            let told = told["text"].as_str().expect("a text");
            let kept = told.trim_end_matches('…');
            assert!(text.starts_with(kept), "{told}");
            assert_eq!(kept.len() < text.len(), told.ends_with('…'));
        }
    }
}
