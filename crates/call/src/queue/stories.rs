//! The queue's days.

use std::time::{Duration, Instant};

use model::id::{CallId, CompanyId, UserId};
use model::language::Language;
use model::line::Priority;
use model::operator::OperatorState;
use model::skills::Skills;
use uuid::Uuid;

use super::{Asks, Figures, Queue, QueueInput, QueueOutput, Reason, Why, Wish};
use crate::limits::Limits;

/// A queue and its simulated clock.
struct Story {
    queue: Queue,
    now: Instant,
}

impl Story {
    #[expect(
        clippy::disallowed_methods,
        reason = "a simulated clock has to start somewhere"
    )]
    fn begin() -> Self {
        Self {
            queue: Queue::new(Limits::default()),
            now: Instant::now(),
        }
    }

    /// Operators 1 to n became ready, one after the other.
    fn with_ready(n: u128) -> Self {
        let mut story = Self::begin();
        for operator in (1..=n).map(who) {
            story.after(0, QueueInput::SignIn { operator });
            story.after(1, wish(operator, Wish::Ready));
        }
        story
    }

    /// What the queue says but for the figures.
    fn said(&mut self) -> Vec<QueueOutput> {
        std::iter::from_fn(|| self.queue.poll_output())
            .filter(|output| !matches!(output, QueueOutput::Figures(_)))
            .collect()
    }

    fn after(&mut self, seconds: u64, input: QueueInput) -> Vec<QueueOutput> {
        let mut said = self.pass(seconds);
        self.queue.handle(self.now, input);
        said.extend(self.said());
        said
    }

    fn pass(&mut self, seconds: u64) -> Vec<QueueOutput> {
        let until = self.now + Duration::from_secs(seconds);
        let mut said = Vec::new();
        while let Some(at) = self.queue.poll_timeout().filter(|at| *at <= until) {
            self.now = at;
            self.queue.handle(at, QueueInput::TimePassed);
            said.extend(self.said());
        }
        self.now = until;
        said
    }

    fn enqueue(&mut self, n: u128) -> Vec<QueueOutput> {
        self.ask(n, asks())
    }

    fn ask(&mut self, n: u128, asks: Asks) -> Vec<QueueOutput> {
        let (call, front) = (call(n), false);
        self.after(0, QueueInput::Enqueue { call, front, asks })
    }

    /// The operator knows these companies, and speaks this language.
    fn skilled(&mut self, operator: u128, companies: Option<&[u128]>, language: Language) {
        let skills = Skills {
            companies: companies.map(|known| known.iter().copied().map(company).collect()),
            languages: vec![language],
        };
        let operator = who(operator);
        self.after(0, QueueInput::Skilled { operator, skills });
    }

    /// Calls that wait, the next one first.
    fn waiting(&self) -> Vec<u128> {
        let waiting = self.queue.snapshot().waiting;
        waiting.iter().map(|w| w.call.0.as_u128()).collect()
    }

    /// Call 1 is at operator 1.
    fn on_call(operators: u128) -> Self {
        let mut story = Self::with_ready(operators);
        story.enqueue(1);
        story.after(1, accept(1, 1));
        assert_eq!(story.state(1), OperatorState::OnCall);
        story
    }

    fn state(&self, operator: u128) -> OperatorState {
        let view = self.queue.view(who(operator)).expect("signed in");
        view.state
    }
}

fn who(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn call(n: u128) -> CallId {
    CallId(Uuid::from_u128(n))
}

fn company(n: u128) -> CompanyId {
    CompanyId(Uuid::from_u128(n))
}

/// Of a usual call to company 1.
fn asks() -> Asks {
    Asks {
        company: company(1),
        language: Language::Ru,
        priority: Priority::Usual,
        vip: false,
        before: None,
    }
}

fn wish(operator: UserId, wish: Wish) -> QueueInput {
    QueueInput::SetState { operator, wish }
}

fn accept(operator: u128, n: u128) -> QueueInput {
    let (operator, call) = (who(operator), call(n));
    QueueInput::Accept { operator, call }
}

fn decline(operator: u128, n: u128) -> QueueInput {
    let (operator, call) = (who(operator), call(n));
    QueueInput::Decline { operator, call }
}

fn over(operator: u128, n: u128) -> QueueInput {
    let (operator, call) = (who(operator), call(n));
    QueueInput::CallOver { operator, call }
}

fn lost(operator: u128) -> QueueInput {
    let operator = who(operator);
    QueueInput::Lost { operator }
}

/// Which call rings at whose desk by these words.
fn offers(said: &[QueueOutput]) -> Vec<(u128, u128)> {
    said.iter()
        .filter_map(|output| match output {
            QueueOutput::Offer { call, operator, .. } => {
                Some((call.0.as_u128(), operator.0.as_u128()))
            }
            _ => None,
        })
        .collect()
}

fn withdrawn(said: &[QueueOutput]) -> Vec<(u128, u128, Why)> {
    said.iter()
        .filter_map(|output| match output {
            QueueOutput::Withdraw {
                call,
                operator,
                why,
            } => Some((call.0.as_u128(), operator.0.as_u128(), *why)),
            _ => None,
        })
        .collect()
}

#[test]
fn the_longest_free_operator_is_offered_the_call() {
    let mut story = Story::with_ready(2);
    let said = story.enqueue(1);
    assert_eq!(offers(&said), [(1, 1)]);
    let said = story.after(1, accept(1, 1));
    let (operator, call) = (who(1), call(1));
    assert!(said.contains(&QueueOutput::Accepted { call, operator }));
    assert_eq!(offers(&story.enqueue(2)), [(2, 2)]);
}

#[test]
fn a_missed_offer_goes_on_and_its_operator_is_put_on_a_break() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    assert_eq!(story.pass(14), []);
    let said = story.pass(1);
    assert_eq!(withdrawn(&said), [(1, 1, Why::Missed)]);
    assert_eq!(offers(&said), [(1, 2)]);
    let view = story.queue.view(who(1)).expect("signed in");
    assert_eq!(view.state, OperatorState::Break);
    assert_eq!(view.reason, Some(Reason::OfferMissed));
}

#[test]
fn calls_are_taken_in_their_order_and_dropped_ones_first() {
    let mut story = Story::with_ready(0);
    story.after(0, QueueInput::SignIn { operator: who(1) });
    story.after(0, wish(who(1), Wish::Break));
    for n in [1, 2] {
        story.enqueue(n);
    }
    for n in [3, 4] {
        let call = call(n);
        let (front, asks) = (true, asks());
        story.after(1, QueueInput::Enqueue { call, front, asks });
    }
    assert_eq!(story.waiting(), [3, 4, 1, 2]);
}

#[test]
fn important_people_come_before_important_lines_and_those_before_others() {
    let mut story = Story::with_ready(0);
    let line = |priority| Asks { priority, ..asks() };
    let vip = |priority| Asks {
        vip: true,
        ..line(priority)
    };
    story.ask(1, line(Priority::Low));
    story.ask(2, line(Priority::Usual));
    story.ask(3, line(Priority::High));
    story.ask(4, vip(Priority::Low));
    story.ask(5, line(Priority::Usual));
    story.ask(6, vip(Priority::Usual));
    story.ask(7, line(Priority::High));
    assert_eq!(story.waiting(), [6, 4, 3, 7, 2, 5, 1]);
}

#[test]
fn who_knows_the_company_is_asked_first_then_who_speaks_the_language_then_anybody() {
    let mut story = Story::with_ready(3);
    story.skilled(1, None, Language::En);
    story.skilled(2, Some(&[2]), Language::Ru);
    story.skilled(3, Some(&[1]), Language::Ru);
    assert_eq!(offers(&story.enqueue(1)), [(1, 3)]);
    assert_eq!(offers(&story.enqueue(2)), []);
    assert_eq!(offers(&story.pass(14)), [], "kept for the third");
    story.after(0, accept(3, 1));
    assert_eq!(offers(&story.pass(5)), []);
    assert_eq!(offers(&story.pass(1)), [(2, 2)], "speaks Russian");
    assert_eq!(offers(&story.enqueue(3)), []);
    story.after(0, accept(2, 2));
    assert_eq!(offers(&story.pass(39)), []);
    assert_eq!(offers(&story.pass(1)), [(3, 1)], "whoever is there");
}

#[test]
fn nobody_is_waited_for_who_does_not_work() {
    let mut story = Story::with_ready(2);
    story.skilled(1, Some(&[2]), Language::Ru);
    story.skilled(2, Some(&[1]), Language::Ru);
    story.after(0, wish(who(2), Wish::Lunch));
    assert_eq!(offers(&story.enqueue(1)), [(1, 1)]);
}

#[test]
fn a_caller_who_comes_back_is_offered_to_the_same_operator_first() {
    let mut story = Story::with_ready(3);
    let before = Some(who(3));
    assert_eq!(offers(&story.ask(1, Asks { before, ..asks() })), [(1, 3)]);
    let said = story.after(1, decline(3, 1));
    assert_eq!(
        offers(&said),
        [(1, 1)],
        "who does not want it does not get it"
    );
}

#[test]
fn several_calls_of_one_company_ring_at_as_many_desks() {
    let mut story = Story::with_ready(3);
    assert_eq!(offers(&story.enqueue(1)), [(1, 1)]);
    assert_eq!(offers(&story.enqueue(2)), [(2, 2)]);
    assert_eq!(offers(&story.enqueue(3)), [(3, 3)]);
}

#[test]
fn the_wait_is_estimated_from_how_long_calls_take() {
    let wait = |story: &Story| story.queue.snapshot().figures.estimated_wait;
    let mut story = Story::on_call(1);
    assert_eq!(wait(&story), None, "nothing is known yet");
    story.after(50, over(1, 1));
    story.after(9, QueueInput::WrapUpDone { operator: who(1) });
    assert_eq!(wait(&story), Some(Duration::ZERO));
    story.enqueue(2);
    story.after(0, accept(1, 2));
    assert_eq!(wait(&story), Some(Duration::from_secs(60)));
    story.enqueue(3);
    assert_eq!(wait(&story), Some(Duration::from_secs(120)));
    story.after(0, QueueInput::SignOut { operator: who(1) });
    story.after(0, over(1, 2));
    assert_eq!(wait(&story), None, "nobody works");
}

#[test]
fn a_declined_call_goes_to_all_others_before_it_comes_back() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    let said = story.after(1, decline(1, 1));
    assert_eq!(withdrawn(&said), [(1, 1, Why::Declined)]);
    assert_eq!(offers(&said), [(1, 2)]);
    assert_eq!(story.state(1), OperatorState::Ready);
    assert_eq!(offers(&story.after(10, decline(2, 1))), [(1, 1)]);
}

#[test]
fn the_only_operator_is_asked_again_after_a_short_time() {
    let mut story = Story::with_ready(1);
    story.enqueue(1);
    assert_eq!(offers(&story.after(1, decline(1, 1))), []);
    assert_eq!(offers(&story.pass(4)), []);
    assert_eq!(offers(&story.pass(1)), [(1, 1)]);
}

#[test]
fn a_declined_call_does_not_stand_in_the_way_of_the_next() {
    let mut story = Story::with_ready(1);
    story.enqueue(1);
    story.after(1, decline(1, 1));
    assert_eq!(offers(&story.enqueue(2)), [(2, 1)]);
}

#[test]
fn a_caller_who_gives_up_frees_the_desk_and_the_turn_is_kept() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    let said = story.after(3, QueueInput::Leave { call: call(1) });
    assert_eq!(withdrawn(&said), [(1, 1, Why::CallLeft)]);
    assert_eq!(offers(&story.enqueue(2)), [(2, 1)]);
}

#[test]
fn a_call_that_left_before_it_heard_of_its_operator_gives_him_back() {
    let mut story = Story::on_call(1);
    let said = story.after(0, QueueInput::Leave { call: call(1) });
    assert_eq!(withdrawn(&said), [(1, 1, Why::CallLeft)]);
    assert_eq!(story.state(1), OperatorState::Ready);
    assert_eq!(story.after(0, over(1, 1)), []);
}

#[test]
fn after_the_call_comes_the_work_on_it_and_then_the_next_call() {
    let mut story = Story::on_call(1);
    story.enqueue(2);
    story.after(60, over(1, 1));
    assert_eq!(story.state(1), OperatorState::WrapUp);
    assert_eq!(offers(&story.pass(119)), []);
    assert_eq!(offers(&story.pass(1)), [(2, 1)]);

    let mut story = Story::on_call(1);
    story.after(60, over(1, 1));
    story.after(5, QueueInput::WrapUpDone { operator: who(1) });
    assert_eq!(story.state(1), OperatorState::Ready);
}

#[test]
fn who_places_a_call_is_offered_none_and_goes_back_to_the_break_after_it() {
    let mut story = Story::with_ready(1);
    let engage = |n| QueueInput::Engage {
        operator: who(1),
        call: call(n),
    };
    let engaged = |n| QueueOutput::Engaged {
        operator: who(1),
        call: call(n),
    };
    let declined = |n| QueueOutput::Declined {
        operator: who(1),
        call: call(n),
    };
    story.after(0, wish(who(1), Wish::Break));
    assert_eq!(story.after(1, engage(7))[0], engaged(7));
    assert_eq!(story.after(1, engage(8)), [declined(8)], "at one already");
    assert_eq!(offers(&story.enqueue(1)), []);
    story.after(1, over(1, 7));
    story.after(1, QueueInput::WrapUpDone { operator: who(1) });
    assert_eq!(story.state(1), OperatorState::Break);
    let said = story.after(1, wish(who(1), Wish::Ready));
    assert_eq!(offers(&said), [(1, 1)]);
    assert_eq!(story.after(1, engage(9)), [declined(9)], "a caller waits");
    story.after(1, lost(1));
    assert_eq!(story.after(1, engage(9)), [declined(9)], "not there");
}

#[test]
fn a_break_chosen_during_a_call_begins_after_the_work_on_it() {
    let mut story = Story::on_call(1);
    story.after(1, wish(who(1), Wish::Lunch));
    assert_eq!(story.state(1), OperatorState::OnCall);
    story.after(1, over(1, 1));
    assert_eq!(story.state(1), OperatorState::WrapUp);
    story.after(1, QueueInput::WrapUpDone { operator: who(1) });
    assert_eq!(story.state(1), OperatorState::Lunch);
}

#[test]
fn a_break_chosen_while_a_call_rings_sends_it_on() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    let said = story.after(1, wish(who(1), Wish::Break));
    assert_eq!(withdrawn(&said), [(1, 1, Why::Declined)]);
    assert_eq!(offers(&said), [(1, 2)]);
    assert_eq!(story.state(1), OperatorState::Break);
}

#[test]
fn nobody_signed_in_is_told_to_every_call_that_waits() {
    let mut story = Story::begin();
    let nobody = |n| QueueOutput::NobodySignedIn { call: call(n) };
    assert_eq!(story.enqueue(1), [nobody(1)]);

    let mut story = Story::on_call(1);
    assert_eq!(story.enqueue(2), [], "somebody is at a call");
    assert_eq!(story.enqueue(3), []);
    let operator = who(1);
    story.after(1, QueueInput::SignOut { operator });
    let said = story.after(1, over(1, 1));
    assert!(said.contains(&nobody(2)) && said.contains(&nobody(3)));
    assert!(story.queue.snapshot().operators.is_empty());
}

#[test]
fn a_lost_desk_is_offline_at_once_and_its_offer_goes_on() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    let said = story.after(1, lost(1));
    assert_eq!(withdrawn(&said), [(1, 1, Why::Lost)]);
    assert_eq!(offers(&said), [(1, 2)]);
    let view = story.queue.view(who(1)).expect("known");
    assert_eq!(
        (view.state, view.reason),
        (OperatorState::Offline, Some(Reason::Lost))
    );
}

#[test]
fn a_desk_lost_in_a_call_waits_for_what_the_call_says() {
    let mut story = Story::on_call(1);
    story.after(1, lost(1));
    story.pass(60);
    assert_eq!(story.state(1), OperatorState::OnCall);
    story.after(0, over(1, 1));
    assert_eq!(story.state(1), OperatorState::Offline);
}

#[test]
fn a_page_that_reloads_keeps_the_work_after_the_call() {
    let mut story = Story::on_call(1);
    story.after(1, over(1, 1));
    story.after(1, lost(1));
    story.after(5, QueueInput::SignIn { operator: who(1) });
    story.pass(20);
    assert_eq!(story.state(1), OperatorState::WrapUp);
    story.after(1, lost(1));
    story.pass(8);
    assert_eq!(story.state(1), OperatorState::Offline);
}

#[test]
fn answers_that_come_too_late_change_nothing() {
    let mut story = Story::with_ready(2);
    story.enqueue(1);
    story.pass(15);
    for late in [accept(1, 1), decline(1, 1), over(1, 1), accept(2, 7)] {
        assert_eq!(story.after(0, late), []);
    }
    assert_eq!(story.state(2), OperatorState::Offered);
}

#[test]
fn the_figures_follow() {
    let mut story = Story::on_call(2);
    story.enqueue(2);
    let arrived = story.now;
    story.enqueue(3);
    assert_eq!(
        story.queue.snapshot().figures,
        Figures {
            waiting: 2,
            longest_since: Some(arrived),
            ready: 1,
            on_call: 1,
            wrap_up: 0,
            away: 0,
            estimated_wait: None,
        }
    );
}
