//! Notifications on the devices of an employee.

use model::language::Language;
use model::phone::Phone;
use store::DueDelivery;

use super::Shared;
use super::settle::Failure;
use crate::mailer::Refusal;
use crate::push::{Note, Push, Pushed};

impl Shared {
    /// Pushes to every browser that the employee has. It got through once one
    /// of them is reached.
    pub(super) async fn push(&self, due: &DueDelivery) -> Result<(), Failure> {
        let subscriptions = self.parts.store.push_subscriptions();
        let to = match due.delivery.employee {
            Some(employee) => subscriptions
                .of_employee(due.message.company, employee)
                .await
                .map_err(|error| Refusal::ForNow(error.to_string()))?,
            None => Vec::new(),
        };
        let push = Push {
            outbound: &self.parts.outbound,
            vapid: &self.parts.vapid,
        };
        let (pushed, gone) = push.send(&to, &note(due)).await;
        for id in gone {
            // One that stays is told to be gone once more the next time.
            if let Err(error) = subscriptions.forget(id).await {
                tracing::warn!(%error, "a browser that is gone can't be forgotten yet");
            }
        }
        match pushed {
            Pushed::Taken => Ok(()),
            Pushed::Later(error, pause) => Err(Failure {
                refusal: Refusal::ForNow(error),
                pause,
            }),
            Pushed::Never(error) => Err(Refusal::ForGood(error).into()),
        }
    }
}

fn note(due: &DueDelivery) -> Note {
    let message = &due.message;
    let phone = Phone::parse(&message.caller_phone).map(|phone| phone.to_string());
    let who = [Some(message.caller_name.clone()), phone];
    let who: Vec<String> = who
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    let who = match (who.is_empty(), due.language) {
        (false, _) => who.join(", "),
        (true, Language::Ru) => "Номер скрыт".to_owned(),
        (true, Language::En) => "Number withheld".to_owned(),
    };
    let title = match (message.urgent, due.language) {
        (false, _) => who,
        (true, Language::Ru) => format!("Срочно: {who}"),
        (true, Language::En) => format!("Urgent: {who}"),
    };
    Note {
        message: message.id.0,
        delivery: due.delivery.id.0,
        title,
        text: message.text.clone(),
        urgent: message.urgent,
    }
}
