//! What a letter is handed over with, so that a report on it finds back.

use lettre::address::Envelope;
use lettre::{Address, Message};
use uuid::Uuid;

use super::MailError;

/// Where reports on letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returns {
    address: Address,
    marked: bool,
}

impl Returns {
    /// To this address; `marked` has each letter come from an address of its
    /// own, `user+ID@host`, which leads to the same mailbox where the server
    /// knows such additions.
    pub fn new(address: &str, marked: bool) -> Result<Self, MailError> {
        Ok(Self {
            address: address
                .parse()
                .map_err(|_| MailError::Returns(address.to_owned()))?,
            marked,
        })
    }

    /// The envelope's sender of a letter.
    fn sender(&self, id: Option<&str>) -> Address {
        let marked = id.filter(|_| self.marked).and_then(|id| {
            let id = id.parse::<Uuid>().ok()?.simple();
            Address::new(
                format!("{}+{id}", self.address.user()),
                self.address.domain(),
            )
            .ok()
        });
        marked.unwrap_or_else(|| self.address.clone())
    }
}

/// A letter's envelope.
pub(super) struct Marked {
    pub(super) envelope: Envelope,
    /// The id that a report is to carry; none where nobody reads reports.
    pub(super) id: Option<String>,
}

impl Marked {
    /// The letter's id is what stands in its Message-ID before the «@».
    pub(super) fn new(letter: &Message, returns: Option<&Returns>) -> Self {
        let unmarked = letter.envelope().clone();
        let Some(returns) = returns else {
            return Self {
                envelope: unmarked,
                id: None,
            };
        };
        let id = letter.headers().get_raw("Message-ID").and_then(|id| {
            let (id, _) = id.trim_start_matches('<').split_once('@')?;
            Some(id.to_owned())
        });
        let sender = returns.sender(id.as_deref());
        let envelope = Envelope::new(Some(sender), unmarked.to().to_vec());
        Self {
            envelope: envelope.unwrap_or(unmarked),
            id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Message {
        Message::builder()
            .from("calls@example.com".parse().expect("an address"))
            .to("anna@example.com".parse().expect("an address"))
            .message_id(Some(
                "<01234567-89ab-7def-8123-456789abcdef@example.com>".into(),
            ))
            .body(String::new())
            .expect("a letter")
    }

    fn sender(returns: Option<&Returns>) -> (String, Option<String>) {
        let marked = Marked::new(&letter(), returns);
        let from = marked.envelope.from().expect("a sender").to_string();
        (from, marked.id)
    }

    #[test]
    fn without_a_mailbox_for_reports_none_are_asked_for() {
        assert_eq!(sender(None), ("calls@example.com".to_owned(), None));
    }

    #[test]
    fn reports_go_to_their_mailbox_and_carry_the_letters_id() {
        let returns = Returns::new("bounces@example.com", false).expect("an address");
        let id = "01234567-89ab-7def-8123-456789abcdef".to_owned();
        assert_eq!(
            sender(Some(&returns)),
            ("bounces@example.com".to_owned(), Some(id))
        );
    }

    #[test]
    fn a_marked_sender_is_the_letters_own() {
        let returns = Returns::new("bounces@example.com", true).expect("an address");
        let (from, _) = sender(Some(&returns));
        assert_eq!(from, "bounces+0123456789ab7def8123456789abcdef@example.com");
    }
}
