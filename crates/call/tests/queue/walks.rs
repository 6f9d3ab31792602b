//! Random walks: everything that may happen, at any time.

use call::{Asks, QueueInput, Wish};
use model::language::Language;
use model::line::Priority;
use model::operator::OperatorState;
use model::skills::Skills;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use crate::twins::{Twins, call, company, seconds, who};

const WALKS: u64 = 80;
const STEPS: usize = 1500;
const LANGUAGES: [Language; 2] = [Language::Ru, Language::En];

#[test]
fn walks_of_the_queue_go_as_the_rules_say() {
    let chosen = std::env::var("WALK_SEED").ok();
    let seeds = match chosen.as_deref().map(str::parse) {
        Some(Ok(seed)) => seed..seed + 1,
        Some(Err(error)) => panic!("WALK_SEED is a number: {error}"),
        None => 1..WALKS + 1,
    };
    for seed in seeds {
        println!("WALK_SEED={seed}");
        walk(seed);
    }
}

fn walk(seed: u64) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut twins = Twins::new();
    let operators = rng.random_range(0..9_u128);
    let longest = [0.2, 3.0, 20.0][rng.random_range(0..3)];
    let (mut calls, mut at) = (0, twins.now);
    for _ in 0..STEPS {
        at += seconds(rng.random_range(0.001..longest));
        twins.pass(at);
        let input = happening(&mut rng, &twins, operators, &mut calls);
        twins.tell(at, input);
    }
    // Everybody goes home; who talks, ends it first.
    for n in 1..=calls {
        twins.tell(at, QueueInput::Leave { call: call(n) });
    }
    for operator in (0..operators).map(who) {
        twins.tell(at, QueueInput::SignOut { operator });
    }
    for view in twins.queue.snapshot().operators {
        if let Some(call) = view.call {
            let operator = view.operator;
            twins.tell(at, QueueInput::CallOver { operator, call });
        }
    }
    twins.pass(at + seconds(600.0));
    twins.assert_all_is_over();
}

fn happening(rng: &mut SmallRng, twins: &Twins, operators: u128, calls: &mut u128) -> QueueInput {
    let snapshot = twins.queue.snapshot();
    let some_call = |rng: &mut SmallRng| call(rng.random_range(1..=(*calls).max(1)));
    if operators == 0 || rng.random_bool(0.3) {
        if rng.random_bool(0.3) {
            let waits = snapshot.waiting;
            if !waits.is_empty() && rng.random_bool(0.9) {
                let call = waits[rng.random_range(0..waits.len())].call;
                return QueueInput::Leave { call };
            }
            return QueueInput::Leave {
                call: some_call(rng),
            };
        }
        *calls += 1;
        return QueueInput::Enqueue {
            call: call(*calls),
            front: rng.random_bool(0.1),
            asks: asks(rng),
        };
    }
    let operator = who(rng.random_range(0..operators));
    let view = snapshot.operators.iter().find(|o| o.operator == operator);
    let own = view.and_then(|o| o.call).unwrap_or_else(|| some_call(rng));
    let wish = [Wish::Ready, Wish::Break, Wish::Lunch, Wish::Offline][rng.random_range(0..4)];
    match (view.map(|o| o.state), rng.random_range(0..20)) {
        (None, _) => QueueInput::SignIn { operator },
        (_, 0) => QueueInput::SignIn { operator },
        (_, 1) => QueueInput::Lost { operator },
        (_, 2) if rng.random_bool(0.3) => QueueInput::SignOut { operator },
        (_, 2) => QueueInput::SetState { operator, wish },
        (_, 3) => QueueInput::Skilled {
            operator,
            skills: skills(rng),
        },
        (_, 4) => QueueInput::Accept {
            operator,
            call: some_call(rng),
        },
        (Some(OperatorState::Ready | OperatorState::Break | OperatorState::Lunch), 5 | 6)
        | (Some(OperatorState::WrapUp), 5 | 6)
        | (Some(OperatorState::Offered | OperatorState::OnCall | OperatorState::Offline), 7) => {
            *calls += 1;
            QueueInput::Engage {
                operator,
                call: call(*calls),
            }
        }
        (Some(OperatorState::Offered), 5..=14) => QueueInput::Accept {
            operator,
            call: own,
        },
        (Some(OperatorState::Offered), _) => QueueInput::Decline {
            operator,
            call: own,
        },
        (Some(OperatorState::OnCall), _) => QueueInput::CallOver {
            operator,
            call: own,
        },
        (Some(OperatorState::WrapUp), _) => QueueInput::WrapUpDone { operator },
        _ => QueueInput::SetState {
            operator,
            wish: Wish::Ready,
        },
    }
}

fn asks(rng: &mut SmallRng) -> Asks {
    Asks {
        company: company(rng.random_range(0..3)),
        language: LANGUAGES[rng.random_range(0..2)],
        priority: [Priority::Low, Priority::Usual, Priority::High][rng.random_range(0..3)],
        vip: rng.random_bool(0.1),
        before: rng.random_bool(0.2).then(|| who(rng.random_range(0..9))),
    }
}

fn skills(rng: &mut SmallRng) -> Skills {
    let mut some = |n: u128| (0..n).filter(|_| rng.random_bool(0.5)).collect::<Vec<_>>();
    let companies = some(3).into_iter().map(company).collect();
    let languages = LANGUAGES.into_iter().filter(|_| !some(1).is_empty());
    let languages = languages.collect();
    let all = some(1).is_empty();
    Skills {
        companies: (!all).then_some(companies),
        languages,
    }
}
