//! A day of a thousand callers and a hundred operators, in seconds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::{Duration, Instant};

use call::{Asks, QueueInput, QueueOutput, Wish};
use model::id::{CallId, UserId};
use model::language::Language;
use model::line::Priority;
use model::skills::Skills;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use crate::twins::{Twins, call, company, rank, seconds, who};

const CALLERS: u128 = 1000;
const OPERATORS: u128 = 100;
const COMPANIES: u128 = 40;
/// Nobody waits longer, in seconds.
const PATIENCE: f64 = 180.0;
const HOUR: f64 = 3600.0;

/// What somebody does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Comes(UserId),
    Goes(UserId),
    Calls(u128),
    GivesUp(CallId),
    Answers(UserId, CallId),
    HangsUp(UserId, CallId),
    Finishes(UserId),
}

/// What became of a call.
struct Story {
    asks: Asks,
    came: Instant,
    expected: Option<Duration>,
    /// Until somebody answered, or the caller had enough.
    waited: Option<Duration>,
    given_up: bool,
}

struct Day {
    twins: Twins,
    rng: SmallRng,
    deeds: BinaryHeap<Reverse<(Instant, Deed)>>,
    stories: BTreeMap<CallId, Story>,
    arrivals: u128,
}

impl Day {
    fn at(&mut self, after: f64, deed: Deed) {
        let at = self.twins.now + seconds(after);
        self.deeds.push(Reverse((at, deed)));
    }

    /// Long tails, as calls have them.
    fn about(&mut self, mean: f64) -> f64 {
        let u: f64 = self.rng.random_range(0.0001..1.0);
        (-u.ln() * mean).clamp(3.0, mean * 6.0)
    }

    fn asks(&mut self, caller: u128) -> Asks {
        let company_number = caller % COMPANIES;
        Asks {
            company: company(company_number),
            language: match company_number % 10 {
                0 => Language::En,
                _ => Language::Ru,
            },
            priority: match company_number % 8 {
                0 => Priority::High,
                1 => Priority::Low,
                _ => Priority::Usual,
            },
            vip: caller.is_multiple_of(50),
            before: None,
        }
    }

    fn go(&mut self, deed: Deed) {
        let now = self.twins.now;
        let said = match deed {
            Deed::Comes(operator) => {
                let mut said = self.tell(QueueInput::SignIn { operator });
                let wish = Wish::Ready;
                said.extend(self.tell(QueueInput::SetState { operator, wish }));
                said
            }
            Deed::Goes(operator) => self.tell(QueueInput::SignOut { operator }),
            Deed::Calls(caller) => {
                self.arrivals += 1;
                let (id, asks) = (call(self.arrivals), self.asks(caller));
                let expected = self.twins.queue.snapshot().figures.estimated_wait;
                let story = Story {
                    asks,
                    came: now,
                    expected,
                    waited: None,
                    given_up: false,
                };
                self.stories.insert(id, story);
                let patience = self.about(PATIENCE).min(PATIENCE);
                self.at(patience, Deed::GivesUp(id));
                let (call, front) = (id, false);
                self.tell(QueueInput::Enqueue { call, front, asks })
            }
            Deed::GivesUp(call) => {
                let story = self.stories.get_mut(&call).expect("came");
                if story.waited.is_some() {
                    return;
                }
                story.given_up = true;
                story.waited = Some(now - story.came);
                self.tell(QueueInput::Leave { call })
            }
            Deed::Answers(operator, call) => self.tell(QueueInput::Accept { operator, call }),
            Deed::HangsUp(operator, call) => self.tell(QueueInput::CallOver { operator, call }),
            Deed::Finishes(operator) => self.tell(QueueInput::WrapUpDone { operator }),
        };
        self.follow(said);
    }

    fn tell(&mut self, input: QueueInput) -> Vec<(Instant, QueueOutput)> {
        let now = self.twins.now;
        self.twins.tell(now, input)
    }

    fn follow(&mut self, said: Vec<(Instant, QueueOutput)>) {
        for (at, output) in said {
            match output {
                QueueOutput::Offer { call, operator, .. } => {
                    self.is_fair(at, call, operator);
                    let after = self.rng.random_range(1.0..6.0);
                    self.at(after, Deed::Answers(operator, call));
                }
                QueueOutput::Accepted { call, operator } => {
                    let story = self.stories.get_mut(&call).expect("came");
                    story.waited = Some(at - story.came);
                    let talk = self.about(170.0);
                    self.at(talk, Deed::HangsUp(operator, call));
                    let work = self.about(25.0).min(110.0);
                    self.at(talk + work, Deed::Finishes(operator));
                }
                _ => {}
            }
        }
    }

    /// Nobody who stands before this caller could have been given this operator.
    fn is_fair(&self, at: Instant, given: CallId, operator: UserId) {
        let own = &self.stories[&given];
        let place = |story: &Story| (rank(false, &story.asks), story.came);
        for waiting in self.twins.queue.snapshot().waiting {
            let other = &self.stories[&waiting.call];
            let overtaken = waiting.offered_to.is_none() && place(other) < place(own);
            if !overtaken {
                continue;
            }
            let person = self.twins.model.people.iter().find(|p| p.id == operator);
            let skills = person.and_then(|p| p.skills.as_ref());
            let suits = skills.is_none_or(|skills| {
                let waited = at - other.came;
                let speaks = skills.speaks(other.asks.language);
                let knows = skills.knows(other.asks.company);
                waited >= seconds(40.0) || speaks && (knows || waited >= seconds(20.0))
            });
            assert!(!suits, "{given} was taken before {}", waiting.call);
        }
    }
}

#[test]
fn a_day_of_a_thousand_callers_and_a_hundred_operators_is_fair_and_nothing_sticks() {
    let mut day = Day {
        twins: Twins::new(),
        rng: SmallRng::seed_from_u64(20_261_127),
        deeds: BinaryHeap::new(),
        stories: BTreeMap::new(),
        arrivals: 0,
    };
    for n in 0..OPERATORS {
        let operator = who(n);
        let skills = Skills {
            // Every third one knows a part of the companies; every fourth speaks English.
            companies: (n % 3 == 0).then(|| {
                (0..COMPANIES)
                    .filter(|c| (c + n) % 4 != 0)
                    .map(company)
                    .collect()
            }),
            languages: match n % 4 {
                0 => vec![Language::Ru, Language::En],
                _ => vec![Language::Ru],
            },
        };
        day.tell(QueueInput::Skilled { operator, skills });
        let begins = f64::from(u32::try_from(n % 3).expect("small")) * 8.0 * HOUR;
        let late = day.rng.random_range(0.0..600.0);
        day.at(begins + late, Deed::Comes(operator));
        day.at(begins + 8.0 * HOUR + late, Deed::Goes(operator));
    }
    for caller in 0..CALLERS {
        for _ in 0..day.rng.random_range(6..14) {
            // Two of three calls come by day.
            let hour = match day.rng.random_bool(0.6) {
                true => day.rng.random_range(9.0..18.0),
                false => day.rng.random_range(0.2..24.0),
            };
            day.at(hour * HOUR, Deed::Calls(caller));
        }
    }
    while let Some(Reverse((at, deed))) = day.deeds.pop() {
        // Whatever time alone brings may be followed by deeds before this one.
        if let Some(due) = day.twins.queue.poll_timeout().filter(|due| *due <= at) {
            day.deeds.push(Reverse((at, deed)));
            let said = day.twins.pass(due);
            day.follow(said);
            continue;
        }
        day.twins.pass(at);
        day.go(deed);
    }
    let end = day.twins.now + seconds(600.0);
    day.twins.pass(end);
    day.twins.assert_all_is_over();
    tell(&day);
}

fn tell(day: &Day) {
    let stories: Vec<&Story> = day.stories.values().collect();
    let given_up = stories.iter().filter(|s| s.given_up).count();
    let stuck = stories.iter().filter(|s| s.waited.is_none()).count();
    assert_eq!(stuck, 0, "calls are stuck");
    let mean = |of: &dyn Fn(&Story) -> bool| {
        let some: Vec<f64> = stories
            .iter()
            .filter(|s| of(s))
            .filter_map(|s| s.waited.map(|w| w.as_secs_f64()))
            .collect();
        some.iter().sum::<f64>() / some.len() as f64
    };
    let vip = mean(&|s| s.asks.vip);
    let line = |priority| mean(&|s: &Story| !s.asks.vip && s.asks.priority == priority);
    let (high, usual, low) = (
        line(Priority::High),
        line(Priority::Usual),
        line(Priority::Low),
    );
    let told: Vec<(f64, f64)> = stories
        .iter()
        .filter(|s| s.asks.priority == Priority::Usual && !s.asks.vip)
        .filter_map(|s| {
            let waited = s.waited?.as_secs_f64();
            Some((s.expected?.as_secs_f64(), waited))
        })
        .collect();
    let count = told.len() as f64;
    let expected = told.iter().map(|(e, _)| e).sum::<f64>() / count;
    let waited = told.iter().map(|(_, w)| w).sum::<f64>() / count;
    let longest = stories
        .iter()
        .filter_map(|s| s.waited)
        .max()
        .unwrap_or_default();
    println!(
        "{} calls, {} answered, {given_up} given up; mean waits: VIP {vip:.1} s, high {high:.1} s, \
         usual {usual:.1} s, low {low:.1} s; longest {longest:.1?}; told {expected:.1} s, waited {waited:.1} s",
        stories.len(),
        stories.len() - given_up,
    );
    assert!(vip < usual && high < usual && usual < low, "priorities");
    assert!(
        (0.5..2.0).contains(&(expected / waited)),
        "the estimate is of another world"
    );
    assert!(longest <= seconds(PATIENCE), "longer than anybody waits");
}
