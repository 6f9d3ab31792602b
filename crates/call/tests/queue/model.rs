//! The rules as they would be told to a person: no timers and no kept order.
//! Whatever is asked is worked out anew from what has happened, and when.

use std::time::Instant;

use call::{Asks, Limits, QueueInput, Wish};
use model::id::{CallId, UserId};
use model::operator::OperatorState;
use model::skills::Skills;

/// A call that waits.
#[derive(Clone, Debug)]
pub struct Caller {
    pub call: CallId,
    pub since: Instant,
    pub front: bool,
    pub asks: Asks,
    /// At whose desk it rings, and since when.
    pub rings: Option<(UserId, Instant)>,
    /// Who did not want it, and when last.
    declined: Vec<(UserId, Instant)>,
    /// How many had come before it.
    number: u64,
    told: bool,
}

/// An operator who has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub state: OperatorState,
    pub since: Instant,
    pub call: Option<CallId>,
    pub skills: Option<Skills>,
    /// Place among those who are free: the lower, the longer.
    free: u64,
    /// Since when the desk is gone.
    gone: Option<Instant>,
    /// The grace of the one who is gone is over.
    given_up: bool,
    leaving: bool,
    next: Option<Wish>,
}

/// The queue as the rules have it.
pub struct Model {
    now: Instant,
    limits: Limits,
    pub callers: Vec<Caller>,
    pub people: Vec<Person>,
    /// Skills of whoever is not signed in.
    known: Vec<(UserId, Skills)>,
    count: u64,
    /// Calls that were told that nobody is there.
    pub vain: Vec<CallId>,
}

impl Model {
    pub fn new(limits: Limits, now: Instant) -> Self {
        Self {
            now,
            limits,
            callers: Vec::new(),
            people: Vec::new(),
            known: Vec::new(),
            count: 0,
            vain: Vec::new(),
        }
    }

    /// Time goes on to that moment, and something happens then.
    pub fn handle(&mut self, now: Instant, input: &QueueInput) {
        self.pass(now);
        self.happens(now, input);
        self.bring_together(now);
        self.tell();
    }

    /// Everything that comes with time alone, moment by moment.
    fn pass(&mut self, now: Instant) {
        while let Some(moment) = self.next_moment().filter(|at| *at <= now) {
            self.now = moment;
            self.run_out(moment);
            self.bring_together(moment);
            self.tell();
        }
        self.now = now;
    }

    fn next_moment(&self) -> Option<Instant> {
        let limits = &self.limits;
        let rings = self.callers.iter().filter_map(|c| c.rings);
        let missed = rings.map(|(_, since)| since + limits.offer);
        let people = self.people.iter();
        let wrapped = people
            .clone()
            .filter(|p| p.state == OperatorState::WrapUp)
            .map(|p| p.since + limits.wrap_up);
        let gone = people
            .filter(|p| !p.given_up)
            .filter_map(|p| p.gone)
            .map(|since| since + limits.operator_grace);
        // A pause or a rung that ends before any of these may bring an offer.
        let asked = self.callers.iter().flat_map(|c| &c.declined);
        let again = asked.map(|(_, at)| *at + limits.ask_again);
        let wider = self
            .callers
            .iter()
            .flat_map(|c| [c.since + limits.widen, c.since + limits.widen * 2]);
        let all = missed.chain(wrapped).chain(gone).chain(again).chain(wider);
        all.filter(|at| *at > self.now).min()
    }

    /// What ends at this moment.
    fn run_out(&mut self, now: Instant) {
        for person in self.people.clone() {
            let (id, state, since) = (person.id, person.state, person.since);
            let absent = person.gone.map(|at| at + self.limits.operator_grace);
            if state == OperatorState::Offered && since + self.limits.offer == now {
                self.stop_ringing(id);
                self.become_(now, id, OperatorState::Break);
            }
            if state == OperatorState::WrapUp && since + self.limits.wrap_up == now {
                self.finish_wrap_up(now, id);
            }
            let Some(person) = self.find(id) else {
                continue;
            };
            if absent == Some(now) && !person.given_up {
                person.given_up = true;
                if person.state != OperatorState::OnCall {
                    self.become_(now, id, OperatorState::Offline);
                }
            }
        }
    }

    fn happens(&mut self, now: Instant, input: &QueueInput) {
        match input {
            QueueInput::TimePassed => {}
            QueueInput::Enqueue { call, front, asks } => {
                if self.callers.iter().all(|c| c.call != *call) {
                    self.count += 1;
                    self.callers.push(Caller {
                        call: *call,
                        since: now,
                        front: *front,
                        asks: *asks,
                        rings: None,
                        declined: Vec::new(),
                        number: self.count,
                        told: false,
                    });
                }
            }
            QueueInput::Leave { call } => self.leave(now, *call),
            QueueInput::SignIn { operator } => {
                let known = self.known.iter().find(|(id, _)| id == operator);
                let skills = known.map(|(_, skills)| skills.clone());
                if self.find(*operator).is_none() {
                    self.people.push(Person {
                        id: *operator,
                        state: OperatorState::Offline,
                        since: now,
                        call: None,
                        skills,
                        free: 0,
                        gone: None,
                        given_up: false,
                        leaving: false,
                        next: None,
                    });
                }
                if let Some(person) = self.find(*operator) {
                    person.gone = None;
                    person.given_up = false;
                    person.leaving = false;
                }
            }
            QueueInput::Skilled { operator, skills } => {
                self.known.retain(|(id, _)| id != operator);
                self.known.push((*operator, skills.clone()));
                if let Some(person) = self.find(*operator) {
                    person.skills = Some(skills.clone());
                }
            }
            QueueInput::SignOut { operator } => {
                self.choose(now, *operator, Wish::Offline);
                if let Some(person) = self.find(*operator) {
                    // Nobody is waited for who has said good-bye.
                    person.gone = Some(now);
                    person.given_up = true;
                    person.leaving = true;
                }
                self.forget_who_left();
            }
            QueueInput::SetState { operator, wish } => self.choose(now, *operator, *wish),
            QueueInput::Accept { operator, call } => {
                if self.rings_at(*call) == Some(*operator) {
                    self.callers.retain(|c| c.call != *call);
                    self.become_(now, *operator, OperatorState::OnCall);
                    if let Some(person) = self.find(*operator) {
                        person.call = Some(*call);
                    }
                }
            }
            QueueInput::Decline { operator, call } => {
                if self.rings_at(*call) == Some(*operator) {
                    self.declines(now, *operator, *call);
                    self.free_last(now, *operator);
                }
            }
            QueueInput::Engage { operator, call } => {
                let Some(person) = self.find(*operator) else {
                    return;
                };
                let next = match person.state {
                    OperatorState::Break => Some(Wish::Break),
                    OperatorState::Lunch => Some(Wish::Lunch),
                    OperatorState::WrapUp => person.next,
                    OperatorState::Ready => None,
                    _ => return,
                };
                if person.gone.is_some() {
                    return;
                }
                // Whoever was next in turn is so still, should nothing come of it.
                let ready = person.state == OperatorState::Ready;
                if !ready {
                    self.count += 1;
                }
                let count = self.count;
                self.become_(now, *operator, OperatorState::OnCall);
                if let Some(person) = self.find(*operator) {
                    person.call = Some(*call);
                    person.next = next;
                    if !ready {
                        person.free = count;
                    }
                }
            }
            QueueInput::CallOver { operator, call } => {
                let Some(person) = self.find(*operator) else {
                    return;
                };
                if person.state != OperatorState::OnCall || person.call != Some(*call) {
                    return;
                }
                let lost = person.gone.is_some() && person.given_up;
                let next = match lost || person.leaving {
                    true => OperatorState::Offline,
                    false => OperatorState::WrapUp,
                };
                self.become_(now, *operator, next);
            }
            QueueInput::WrapUpDone { operator } => {
                let state = self.find(*operator).map(|p| p.state);
                if state == Some(OperatorState::WrapUp) {
                    self.finish_wrap_up(now, *operator);
                }
            }
            QueueInput::Lost { operator } => {
                let Some(person) = self.find(*operator) else {
                    return;
                };
                if person.gone.is_some() {
                    return;
                }
                person.gone = Some(now);
                match person.state {
                    OperatorState::Offline => person.given_up = true,
                    OperatorState::Ready | OperatorState::Offered => {
                        person.given_up = true;
                        self.stop_ringing(*operator);
                        self.become_(now, *operator, OperatorState::Offline);
                    }
                    _ => {}
                }
            }
        }
    }

    fn leave(&mut self, now: Instant, call: CallId) {
        let rang_at = self.rings_at(call);
        self.callers.retain(|c| c.call != call);
        if let Some(operator) = rang_at {
            // The turn is kept: nothing came of it.
            return self.become_(now, operator, OperatorState::Ready);
        }
        let taken = |p: &&mut Person| p.call == Some(call) && p.state == OperatorState::OnCall;
        let Some(person) = self.people.iter_mut().find(taken) else {
            return;
        };
        let (id, wish) = (person.id, person.next.unwrap_or(Wish::Ready));
        match (person.gone, wish) {
            (None, Wish::Ready) => self.become_(now, id, OperatorState::Ready),
            _ => self.fulfil(now, id, wish),
        }
    }

    fn choose(&mut self, now: Instant, operator: UserId, wish: Wish) {
        let Some(person) = self.find(operator) else {
            return;
        };
        let same = match person.state {
            OperatorState::OnCall => {
                person.next = Some(wish);
                return;
            }
            OperatorState::Ready | OperatorState::Offered => wish == Wish::Ready,
            OperatorState::Break => wish == Wish::Break,
            OperatorState::Lunch => wish == Wish::Lunch,
            OperatorState::Offline => wish == Wish::Offline,
            OperatorState::WrapUp => false,
        };
        if same {
            return;
        }
        if let Some(call) = self.call_that_rings_at(operator) {
            self.declines(now, operator, call);
        }
        self.fulfil(now, operator, wish);
    }

    fn finish_wrap_up(&mut self, now: Instant, operator: UserId) {
        let wish = self.find(operator).and_then(|p| p.next.take());
        self.fulfil(now, operator, wish.unwrap_or(Wish::Ready));
    }

    fn fulfil(&mut self, now: Instant, operator: UserId, wish: Wish) {
        let gone = self.find(operator).is_none_or(|p| p.gone.is_some());
        match wish {
            Wish::Ready if !gone => self.free_last(now, operator),
            Wish::Break if !gone => self.become_(now, operator, OperatorState::Break),
            Wish::Lunch if !gone => self.become_(now, operator, OperatorState::Lunch),
            _ => self.become_(now, operator, OperatorState::Offline),
        }
    }

    fn free_last(&mut self, now: Instant, operator: UserId) {
        self.count += 1;
        let count = self.count;
        if let Some(person) = self.find(operator) {
            person.free = count;
        }
        self.become_(now, operator, OperatorState::Ready);
    }

    fn become_(&mut self, now: Instant, operator: UserId, state: OperatorState) {
        let Some(person) = self.find(operator) else {
            return;
        };
        person.state = state;
        person.since = now;
        if !matches!(state, OperatorState::OnCall | OperatorState::Offered) {
            person.call = None;
        }
        if !matches!(state, OperatorState::OnCall | OperatorState::WrapUp) {
            person.next = None;
        }
        if state == OperatorState::Offline && person.gone.is_some() {
            person.given_up = true;
        }
        self.forget_who_left();
    }

    fn forget_who_left(&mut self) {
        let (people, known) = (&mut self.people, &mut self.known);
        people.retain(|person| {
            let left = person.leaving && person.state == OperatorState::Offline;
            if left {
                known.retain(|(id, _)| *id != person.id);
            }
            !left
        });
    }

    fn declines(&mut self, now: Instant, operator: UserId, call: CallId) {
        if let Some(caller) = self.callers.iter_mut().find(|c| c.call == call) {
            caller.rings = None;
            caller.declined.retain(|(who, _)| *who != operator);
            caller.declined.push((operator, now));
        }
    }

    fn stop_ringing(&mut self, operator: UserId) {
        for caller in &mut self.callers {
            if caller.rings.is_some_and(|(who, _)| who == operator) {
                caller.rings = None;
            }
        }
    }

    /// Calls in the order in which they are taken.
    pub fn in_order(&self) -> Vec<&Caller> {
        let mut callers: Vec<&Caller> = self.callers.iter().collect();
        // Each rule sorts, the strongest last: what is equal by it keeps its order.
        callers.sort_by_key(|c| c.number);
        callers.sort_by_key(|c| std::cmp::Reverse(c.asks.priority));
        let (important, usual) = split(callers, |c| c.asks.vip);
        let (first, rest) = split([important, usual].concat(), |c| c.front);
        [first, rest].concat()
    }

    /// As long as there is a call with somebody who may be asked, they are brought together.
    fn bring_together(&mut self, now: Instant) {
        let order: Vec<CallId> = self.in_order().iter().map(|c| c.call).collect();
        for call in order {
            let Some(caller) = self.callers.iter().find(|c| c.call == call) else {
                continue;
            };
            if caller.rings.is_some() {
                continue;
            }
            let Some(operator) = self.who_for(now, caller) else {
                continue;
            };
            if let Some(caller) = self.callers.iter_mut().find(|c| c.call == call) {
                caller.rings = Some((operator, now));
            }
            self.become_(now, operator, OperatorState::Offered);
            if let Some(person) = self.find(operator) {
                person.call = Some(call);
            }
        }
    }

    /// Who is asked next for a call, of those who are free.
    pub fn who_for(&self, now: Instant, caller: &Caller) -> Option<UserId> {
        let rungs = match now.duration_since(caller.since) {
            waited if waited >= self.limits.widen * 2 => 2,
            waited if waited >= self.limits.widen => 1,
            _ => 0,
        };
        let at_work = |p: &&Person| {
            use OperatorState::{Offered, OnCall, Ready, WrapUp};
            [Ready, Offered, OnCall, WrapUp].contains(&p.state)
        };
        let nearest = self.people.iter().filter(at_work);
        let nearest = nearest.map(|p| distance(p, &caller.asks)).min();
        let reach = rungs.max(nearest.unwrap_or(0));
        let declined = |p: &Person| caller.declined.iter().find(|(who, _)| *who == p.id);
        let mut free: Vec<&Person> = self.people.iter().collect();
        free.retain(|p| p.state == OperatorState::Ready);
        free.retain(|p| distance(p, &caller.asks) <= reach);
        free.retain(|p| declined(p).is_none_or(|(_, at)| *at + self.limits.ask_again <= now));
        free.sort_by_key(|p| p.free);
        free.sort_by_key(|p| distance(p, &caller.asks));
        free.sort_by_key(|p| Some(p.id) != caller.asks.before);
        free.sort_by_key(|p| declined(p).is_some());
        free.first().map(|p| p.id)
    }

    fn tell(&mut self) {
        let somebody = self
            .people
            .iter()
            .any(|p| p.state != OperatorState::Offline);
        let mut order: Vec<CallId> = self.in_order().iter().map(|c| c.call).collect();
        order.retain(|call| {
            let caller = self.callers.iter_mut().find(|c| c.call == *call);
            let caller = caller.expect("waits");
            let news = !somebody && !caller.told;
            caller.told = !somebody;
            news
        });
        self.vain.extend(order);
    }

    fn find(&mut self, operator: UserId) -> Option<&mut Person> {
        self.people.iter_mut().find(|p| p.id == operator)
    }

    fn rings_at(&self, call: CallId) -> Option<UserId> {
        let caller = self.callers.iter().find(|c| c.call == call)?;
        caller.rings.map(|(who, _)| who)
    }

    fn call_that_rings_at(&self, operator: UserId) -> Option<CallId> {
        let mut callers = self.callers.iter();
        let rings = |c: &&Caller| c.rings.is_some_and(|(who, _)| who == operator);
        callers.find(rings).map(|c| c.call)
    }
}

fn split(callers: Vec<&Caller>, by: impl Fn(&Caller) -> bool) -> (Vec<&Caller>, Vec<&Caller>) {
    callers.into_iter().partition(|caller| by(caller))
}

/// How far an operator is from what a call asks: 0 knows the company and the
/// language, 1 the language, 2 neither.
fn distance(person: &Person, asks: &Asks) -> u8 {
    let Some(skills) = &person.skills else {
        return 0;
    };
    let companies = skills.companies.as_deref();
    if !skills.languages.contains(&asks.language) {
        2
    } else if companies.is_some_and(|known| !known.contains(&asks.company)) {
        1
    } else {
        0
    }
}
