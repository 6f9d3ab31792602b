//! The PBX is asked to connect the caller with somebody else: by REFER, or by
//! the keys of its own feature code.

use model::audio::Digit;
use rsipstack::dialog::dialog::TransactionHandle;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::StatusCode;

use super::quirks::Referrals;

const GOING: &str = "active;expires=60";
const OVER: &str = "terminated;reason=noresource";

/// How long the numbers are that a feature code transfers to.
const NUMBER: usize = 3;

/// Answers a REFER as this PBX does, and tells what came of it.
pub async fn answer(referrals: Referrals, handle: TransactionHandle, dialog: InviteDialog) {
    let (status, outcome) = match referrals {
        Referrals::Unknown => (StatusCode::NotImplemented, None),
        Referrals::Refused => (StatusCode::Forbidden, None),
        Referrals::Silent => (StatusCode::Accepted, None),
        Referrals::Failing => (StatusCode::Accepted, Some(StatusCode::ServiceUnavailable)),
        Referrals::Connecting | Referrals::Returning => {
            (StatusCode::Accepted, Some(StatusCode::OK))
        }
    };
    // Where the line has gone, the dialog's end tells.
    let _ = handle.reply(status).await;
    if let Some(outcome) = outcome {
        // A NOTIFY is a request within the dialog, which is free for it once the REFER is answered.
        tokio::spawn(async move {
            let _ = dialog.notify_refer(StatusCode::Trying, GOING).await;
            let _ = dialog.notify_refer(outcome, OVER).await;
        });
    }
}

/// The number that the keys pressed so far ask for.
pub fn number(code: &str, pressed: &[Digit]) -> Option<String> {
    let keys: String = pressed.iter().map(|digit| digit.as_char()).collect();
    let at = keys.rfind(code)? + code.len();
    (keys.len() - at == NUMBER).then(|| keys[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_three_figures_are_a_transfer() {
        let keys = |text: &str| {
            text.chars()
                .filter_map(Digit::from_char)
                .collect::<Vec<_>>()
        };
        assert_eq!(number("##", &keys("5##101")).as_deref(), Some("101"));
        assert_eq!(number("##", &keys("##10")), None);
        assert_eq!(number("##", &keys("101")), None);
        assert_eq!(number("*2", &keys("##101")), None);
    }
}
