//! What the PBX changes, or asks, within a call that the line has answered.

use std::time::Duration;

use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, Method, StatusCode};
use tokio::time::sleep;

use super::quirks::{Change, Keys};

/// Shortest interval that a session is refreshed in (RFC 4028, section 5).
const SESSION_S: u32 = 90;

/// How long a change waits that met another one: at least so long for whoever
/// chose the Call-ID (RFC 3261, section 14.1).
const AFTER_GLARE: Duration = Duration::from_millis(2100);

/// What the line said to a change.
pub type Said = Result<(), StatusCode>;

/// One request within the call.
struct Step {
    method: Method,
    headers: Vec<Header>,
    body: Option<Vec<u8>>,
    /// How long to wait before it.
    after: Duration,
}

/// Descriptions of the PBX's side that a change goes through.
pub struct Descriptions {
    /// As it was agreed.
    pub agreed: String,
    /// With the sound at another port.
    pub moved: String,
}

/// Carries the change out; the line's first refusal ends it. A change that met
/// another one (it may overtake the ACK) is tried once more.
pub async fn carry_out(change: Change, descriptions: Descriptions, dialog: InviteDialog) -> Said {
    for step in steps(change, &descriptions) {
        sleep(step.after).await;
        let mut said = ask(&dialog, &step).await;
        if said == Err(StatusCode::RequestPending) {
            sleep(AFTER_GLARE).await;
            said = ask(&dialog, &step).await;
        }
        said?;
    }
    Ok(())
}

/// Tells a key by INFO.
pub async fn press(keys: Keys, key: char, dialog: &InviteDialog) -> Said {
    let (kind, body) = match keys {
        Keys::Info => ("application/dtmf", key.to_string()),
        _ => (
            "application/dtmf-relay",
            format!("Signal={key}\r\nDuration=160\r\n"),
        ),
    };
    let step = Step {
        method: Method::Info,
        headers: vec![Header::ContentType(kind.into())],
        body: Some(body.into_bytes()),
        after: Duration::ZERO,
    };
    ask(dialog, &step).await
}

fn steps(change: Change, descriptions: &Descriptions) -> Vec<Step> {
    let described = |method, after, text: String| Step {
        method,
        headers: vec![Header::ContentType("application/sdp".into())],
        body: Some(text.into_bytes()),
        after,
    };
    let bare = |method, headers| Step {
        method,
        headers,
        body: None,
        after: Duration::ZERO,
    };
    let now = Duration::ZERO;
    let same = |method, after| described(method, after, descriptions.agreed.clone());
    let held = |direction: &str| {
        let direction = format!("a={direction}");
        descriptions.agreed.replace("a=sendrecv", &direction)
    };
    let refreshed = |mut step: Step| {
        let value = format!("{SESSION_S};refresher=uac");
        step.headers.push(Header::Supported("timer".into()));
        step.headers.push(Header::SessionExpires(value.into()));
        vec![step]
    };
    match change {
        Change::Same => vec![same(Method::Invite, now)],
        Change::Updated => vec![same(Method::Update, now)],
        Change::Nothing => vec![bare(Method::Update, Vec::new())],
        Change::Hold(pause) => vec![
            described(Method::Invite, now, held("sendonly")),
            same(Method::Invite, pause),
        ],
        Change::UpdatedHold(pause) => vec![
            described(Method::Update, now, held("sendonly")),
            same(Method::Update, pause),
        ],
        Change::Silence(pause) => vec![
            described(Method::Invite, now, held("inactive")),
            same(Method::Invite, pause),
        ],
        Change::OldHold(pause) => vec![
            described(Method::Invite, now, nowhere(&descriptions.agreed)),
            same(Method::Invite, pause),
        ],
        Change::Moves => vec![described(Method::Invite, now, descriptions.moved.clone())],
        Change::RefreshedByUpdate => refreshed(bare(Method::Update, Vec::new())),
        Change::RefreshedByInvite => refreshed(same(Method::Invite, now)),
        Change::Asked => vec![bare(Method::Options, Vec::new())],
        Change::Notified => vec![bare(
            Method::Notify,
            vec![
                Header::Event("message-summary".into()),
                Header::SubscriptionState("terminated".into()),
            ],
        )],
    }
}

/// The description as it was before there were directions: sound goes nowhere.
fn nowhere(description: &str) -> String {
    let lines = description.split("\r\n").map(|line| {
        if line.starts_with("c=") {
            "c=IN IP4 0.0.0.0"
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\r\n")
}

async fn ask(dialog: &InviteDialog, step: &Step) -> Said {
    let (headers, body) = (Some(step.headers.clone()), step.body.clone());
    let answer = dialog.request(step.method, headers, body).await;
    // A call that ended meanwhile changes no more.
    match answer {
        Ok(Some(answer)) if answer.status_code.code() >= 300 => Err(answer.status_code),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hold_ends_as_it_was_agreed() {
        let agreed = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4 RTP/AVP 8\r\na=sendrecv\r\n";
        let descriptions = Descriptions {
            agreed: agreed.to_owned(),
            moved: String::new(),
        };
        let pause = Duration::from_millis(500);
        for (change, held) in [
            (Change::Hold(pause), "a=sendonly\r\n"),
            (Change::UpdatedHold(pause), "a=sendonly\r\n"),
            (Change::Silence(pause), "a=inactive\r\n"),
            (Change::OldHold(pause), "c=IN IP4 0.0.0.0\r\n"),
        ] {
            let texts: Vec<_> = steps(change, &descriptions)
                .into_iter()
                .map(|step| String::from_utf8(step.body.unwrap_or_default()).expect("text"))
                .collect();
            assert!(texts[0].contains(held), "{change:?}");
            assert_eq!(texts[1], agreed, "{change:?}");
        }
    }
}
