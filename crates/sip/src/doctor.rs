//! The doctor of connections: checks one thing after the other at a line and
//! its PBX, and names the cause of what does not work.
//!
//! The machine ([`machine`]) decides, the driver ([`driver`]) carries out. The
//! calls that it places and takes are its own: nobody else hears of them.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::audio::{AudioStream, Digit};
use model::call::Caller;
use model::doctor::{Reply, Report};
use model::id::{LegId, LineId};
use tokio::sync::{mpsc, watch};

use crate::core::Core;
use crate::endpoint::Endpoint;
use crate::event::Event;
use crate::socket::lock;

mod driver;
mod machine;
mod probe;
mod within;
mod words;

use driver::Driver;

/// Which of the doctor's two telephones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that calls the line's extension.
    Calling,
    /// The line itself, which is called.
    Called,
}

/// The sound of the doctor's calls.
pub trait Sound: Send + Sync + 'static {
    /// Opens a side's sound, for a PBX whose sound is at this address and which
    /// signals from the other one; where it takes sound.
    fn open(
        &self,
        side: Side,
        towards: Option<IpAddr>,
        signalling: Option<IpAddr>,
    ) -> Option<SocketAddr>;
    /// Connects it to what the PBX described.
    fn connect(&self, side: Side, remote: &AudioStream);
    /// Lets a voice be heard at the other end of it.
    fn speak(&self, side: Side);
    /// Asks a person to say something, and listens; [`Observed::Voice`] follows.
    fn ask(&self, side: Side);
    /// Listens for a voice so long; [`Observed::Voice`] follows.
    fn listen(&self, side: Side, within: Duration);
    /// Presses a key.
    fn press(&self, side: Side, digit: Digit);
    /// Closes it.
    fn close(&self, side: Side);
}

/// What the sound of the doctor's calls tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// How much voice a side heard while it listened, in milliseconds.
    Voice {
        /// Which side.
        side: Side,
        /// How much.
        ms: u32,
    },
    /// A key came in the sound.
    Key {
        /// To which side.
        side: Side,
        /// Which.
        digit: Digit,
    },
}

/// How long the doctor waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the call that it places to itself.
    pub arrival: Duration,
    /// For a person to call, or to say whether a voice is heard.
    pub person: Duration,
    /// How long a call has to last: longer than 32 s, when one whose answer
    /// was never confirmed ends (RFC 3261, section 13.3.1.4).
    pub stays: Duration,
    /// For everything that takes a moment.
    pub moment: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            arrival: Duration::from_secs(10),
            person: Duration::from_secs(120),
            stays: Duration::from_secs(35),
            moment: Duration::from_secs(6),
        }
    }
}

/// A doctor at work; it stops when this is dropped.
#[derive(Debug)]
pub struct Examination {
    /// What was found so far.
    pub report: watch::Receiver<Report>,
    replies: mpsc::UnboundedSender<Reply>,
}

impl Examination {
    /// A person answers.
    pub fn reply(&self, reply: Reply) {
        // A doctor that has ended listens no more.
        let _ = self.replies.send(reply);
    }
}

impl Endpoint {
    /// Examines a line that is connected, or tries to be. `strangers`: calls of
    /// everybody are taken for the call that a person was asked for, otherwise
    /// those of extensions only. None where the line is not there, or is being
    /// examined.
    pub fn examine(
        &self,
        line: LineId,
        strangers: bool,
        patience: Patience,
        sound: Arc<dyn Sound>,
        observed: mpsc::UnboundedReceiver<Observed>,
    ) -> Option<Examination> {
        let core = self.core.clone();
        let line = core.line(line)?;
        let (tell, events) = mpsc::unbounded_channel();
        let ward = core.doctors.enter(&core, line.id, tell)?;
        let (told, report) = watch::channel(Report::default());
        let (replies, said) = mpsc::unbounded_channel();
        let driver = Driver::new(self.clone(), line, strangers, patience, sound, ward);
        core.runtime.spawn(driver.run(events, observed, said, told));
        Some(Examination { report, replies })
    }
}

/// The doctors of an endpoint, and the calls that are theirs.
#[derive(Default)]
pub(crate) struct Doctors(Mutex<Ward>);

#[derive(Default)]
struct Ward {
    doctors: HashMap<LineId, Doctor>,
    legs: HashMap<LegId, LineId>,
}

struct Doctor {
    tell: mpsc::UnboundedSender<News>,
    awaits: Awaits,
}

/// What a doctor hears of calls.
#[derive(Debug)]
pub(crate) enum News {
    /// Something happened to a call of its own.
    Event(Event),
    /// A call arrived that may be its own: nobody else hears of it before the
    /// doctor has told.
    Held(Event),
    /// The call that it waits for was refused as it came.
    Refused {
        /// This side's answer.
        code: u16,
    },
}

/// Whose call the doctor takes for its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Awaits {
    /// Nobody's.
    #[default]
    Nobody,
    /// That of the line itself.
    Own {
        /// What the PBX shows of it.
        number: String,
        /// It shows nothing, or no customer's call can come.
        hidden: bool,
        /// It may show something else: calls of extensions, and of somebody
        /// hidden, are held until it is known whose they are.
        unsure: bool,
    },
    /// That of anybody with an extension.
    Extensions,
    /// Everybody's.
    All,
}

/// Whether a call is the doctor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    No,
    Perhaps,
    Yes,
}

/// Extensions are at most so long.
const EXTENSION_MAX: usize = 6;

impl Awaits {
    fn claim(&self, caller: &Caller) -> Claim {
        let number = caller.number.as_deref();
        let extension = number.is_some_and(|number| number.len() <= EXTENSION_MAX);
        let takes = match self {
            Self::Nobody => false,
            Self::Own {
                number: own,
                hidden,
                ..
            } => number.map_or(*hidden, |number| number == own),
            Self::Extensions => extension,
            Self::All => true,
        };
        match self {
            _ if takes => Claim::Yes,
            Self::Own { unsure: true, .. } if extension || number.is_none() => Claim::Perhaps,
            _ => Claim::No,
        }
    }
}

impl Doctors {
    fn enter(
        &self,
        core: &Arc<Core>,
        line: LineId,
        tell: mpsc::UnboundedSender<News>,
    ) -> Option<Bed> {
        let mut ward = lock(&self.0);
        if ward.doctors.contains_key(&line) {
            return None;
        }
        let doctor = Doctor {
            tell,
            awaits: Awaits::Nobody,
        };
        ward.doctors.insert(line, doctor);
        Some(Bed {
            core: core.clone(),
            line,
        })
    }

    /// Gives an event of a doctor's call to the doctor; the others come back.
    pub(crate) fn take(&self, event: Event) -> Option<Event> {
        let leg = match &event {
            Event::Line { .. } => return Some(event),
            Event::Incoming { leg, .. }
            | Event::Ringing { leg }
            | Event::Early { leg, .. }
            | Event::Answered { leg, .. }
            | Event::Changed { leg, .. }
            | Event::Digit { leg, .. }
            | Event::NotPressed { leg, .. }
            | Event::Examined { leg, .. }
            | Event::Referred { leg, .. }
            | Event::Ended { leg, .. } => *leg,
        };
        let mut ward = lock(&self.0);
        if let Event::Incoming { line, caller, .. } = &event {
            let line = *line;
            let Some(doctor) = ward.doctors.get_mut(&line) else {
                return Some(event);
            };
            let claim = doctor.awaits.claim(caller);
            let news = match claim {
                Claim::No => return Some(event),
                Claim::Perhaps => News::Held(event),
                Claim::Yes => News::Event(event),
            };
            doctor.awaits = Awaits::Nobody;
            // Who does not listen any more takes no call.
            if let Err(mpsc::error::SendError(News::Held(event) | News::Event(event))) =
                doctor.tell.send(news)
            {
                return Some(event);
            }
            ward.legs.insert(leg, line);
            return None;
        }
        let Some(line) = ward.legs.get(&leg).copied() else {
            return Some(event);
        };
        if matches!(event, Event::Ended { .. }) {
            ward.legs.remove(&leg);
        }
        // What belongs to a doctor who left concerns nobody.
        if let Some(doctor) = ward.doctors.get(&line) {
            let _ = doctor.tell.send(News::Event(event));
        }
        None
    }

    /// A call to the line was refused as it came; the doctor hears of it where
    /// it waits for that call.
    pub(crate) fn refused(&self, line: LineId, caller: &Caller, code: u16) {
        let ward = lock(&self.0);
        let doctor = ward.doctors.get(&line);
        if let Some(doctor) = doctor.filter(|d| d.awaits.claim(caller) == Claim::Yes) {
            let _ = doctor.tell.send(News::Refused { code });
        }
    }
}

/// A doctor's place at a line; given back when dropped.
pub(crate) struct Bed {
    core: Arc<Core>,
    line: LineId,
}

impl Bed {
    fn await_call(&self, awaits: Awaits) {
        if let Some(doctor) = lock(&self.core.doctors.0).doctors.get_mut(&self.line) {
            doctor.awaits = awaits;
        }
    }

    /// Claims a leg that is about to be placed.
    fn claim(&self, leg: LegId) {
        lock(&self.core.doctors.0).legs.insert(leg, self.line);
    }

    /// Gives a held call to whom it would have gone to.
    fn release(&self, event: Event) {
        let Event::Incoming { leg, .. } = event else {
            return;
        };
        // Under the lock: what happens to the call next is told after it.
        let mut ward = lock(&self.core.doctors.0);
        ward.legs.remove(&leg);
        if let Err(mpsc::error::TrySendError::Full(event)) = self.core.events.try_send(event) {
            let events = self.core.events.clone();
            self.core.runtime.spawn(async move {
                let _ = events.send(event).await;
            });
        }
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        lock(&self.core.doctors.0).doctors.remove(&self.line);
    }
}

#[cfg(test)]
mod tests {
    use model::call::Caller;

    use super::{Awaits, Claim};

    #[test]
    fn a_doctor_takes_its_own_call_and_no_customers() {
        let from = |number: Option<&str>| Caller {
            number: number.map(str::to_owned),
            ..Caller::default()
        };
        let (customer, extension, hidden) =
            (from(Some("+79261234567")), from(Some("200")), from(None));
        let own = |hidden, unsure| Awaits::Own {
            number: "200".into(),
            hidden,
            unsure,
        };
        let takes = |awaits: &Awaits, caller| awaits.claim(caller) == Claim::Yes;
        for own in [own(false, false), own(true, false), own(false, true)] {
            assert!(takes(&own, &extension));
            assert_eq!(own.claim(&customer), Claim::No);
        }
        assert!(takes(&own(true, true), &hidden));
        assert_eq!(own(false, false).claim(&hidden), Claim::No);
        for other in [&hidden, &from(Some("101"))] {
            assert_eq!(own(false, true).claim(other), Claim::Perhaps);
        }
        let staff = Awaits::Extensions;
        assert!(takes(&staff, &extension) && !takes(&staff, &hidden) && !takes(&staff, &customer));
        assert!(takes(&Awaits::All, &customer) && !takes(&Awaits::Nobody, &extension));
    }
}
