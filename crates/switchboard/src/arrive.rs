//! A call arrives: which line, which plan, which operator's card.

use std::sync::Arc;
use std::time::Duration;

use call::{Call, Plan, plan};
use model::audio::AudioStream;
use model::call::Caller;
use model::caller::Mark;
use model::id::{CallId, LegId, LineId};
use model::phone::Phone;

use crate::card;
use crate::exchange::Exchange;
use crate::facts::Fact;
use crate::live::Live;
use crate::moment::Moment;
use crate::note::Note;

/// How long the ringing desk may wait for what the database adds to the card.
const CARD_WITHIN: Duration = Duration::from_millis(700);

impl Exchange {
    pub(crate) fn call_arrived(
        &mut self,
        leg: LegId,
        line: LineId,
        caller: Caller,
        dialled: Option<&str>,
        audio: Option<AudioStream>,
        now: Moment,
    ) {
        if self.draining.is_some() {
            self.sip.refuse(leg, sip::Refusal::Unavailable);
            return;
        }
        let Some(entry) = self.directory.get(line).map(Arc::clone) else {
            self.sip.refuse(leg, sip::Refusal::NotFound);
            return;
        };
        let company = entry.company.id;
        if self.is_own(company, &caller, dialled) {
            tracing::info!(%line, "a colleague's call comes back and is refused");
            self.sip.refuse(leg, sip::Refusal::Unavailable);
            return;
        }
        let id = CallId(uuid::Uuid::now_v7());
        // Stored as one number however the PBX spells it.
        let number = caller
            .number
            .as_deref()
            .and_then(Phone::parse)
            .map(|p| p.stored());
        let caller = Caller { number, ..caller };
        let mark = self.directory.mark(company, caller.number.as_deref());
        let plan = match plan(&entry.line, entry.open_at(now.wall)) {
            Plan::Operators { .. } if mark == Mark::Blocked => Plan::Blocked,
            plan => plan,
        };
        tracing::info!(call = %id, %line, ?plan, "a call arrives");
        let returned = self.returns.take(company, &caller, now.steady);
        let control = Call::new(now.steady, id, plan, self.limits);
        let mut live = Live::new(control, leg, entry, caller, now.wall, audio);
        live.vip = mark == Mark::Vip;
        live.returned = returned.is_some();
        live.before = returned.flatten();
        self.facts.tell(Fact::Arrived(Box::new(live.record())));
        if matches!(plan, Plan::Operators { .. }) {
            self.read_surroundings(&live);
        }
        self.legs.insert(leg, id);
        self.calls.insert(id, live);
        self.touched.push(id);
    }

    pub(crate) fn read_surroundings(&self, live: &Live) {
        let (store, notes) = (self.store.clone(), self.notes.clone());
        let (call, entry) = (live.id(), Arc::clone(&live.entry));
        let (number, arrived_at) = (live.caller.number.clone(), live.arrived_at);
        tokio::spawn(async move {
            let read = card::surroundings(&store, &entry, number.as_deref(), arrived_at);
            let around = match tokio::time::timeout(CARD_WITHIN, read).await {
                Ok(Ok(around)) => around,
                Ok(Err(error)) => {
                    tracing::warn!(%call, %error, "a card can't be completed");
                    return;
                }
                Err(_) => {
                    tracing::warn!(%call, "a card is not completed in time");
                    return;
                }
            };
            // The call may be over by now.
            let _ = notes.send(Note::Surroundings { call, around });
        });
    }
}
