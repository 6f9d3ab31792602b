//! Twenty calls at once, each with an operator: no packet is lost, and nobody hears somebody else.

use model::audio::Law;

use crate::sound::level_db;
use crate::telephone::Says;
use crate::world::{World, browser, call};

/// Frames of each call: 4 s.
const FRAMES: usize = 200;

#[test]
fn twenty_calls_with_twenty_browsers_lose_nothing() {
    let mut world = World::new(2);
    let operators: Vec<_> = (0..20_u32)
        .map(|n| {
            world.signed_in(
                browser(n.into()),
                &[Law::A, Law::Mu],
                2000.0 + 50.0 * f64::from(n),
            )
        })
        .collect();
    let callers: Vec<_> = (0..20_u32)
        .map(|n| {
            world.connected(
                call(n.into()),
                Law::A,
                Says::Tone(400.0 + 50.0 * f64::from(n)),
            )
        })
        .collect();
    for n in 0..20 {
        world.engine.bridge(call(n), browser(n));
    }
    for (n, (caller, operator)) in callers.iter().zip(&operators).enumerate() {
        let hz = 50.0 * n as f64;
        caller.hear_until("the own operator", |heard| {
            level_db(heard, 2000.0 + hz) > -8.0
        });
        operator.hear_until("the own caller", |heard| level_db(heard, 400.0 + hz) > -8.0);
    }
    for caller in &callers {
        caller.received();
    }
    for operator in &operators {
        operator.received();
    }
    for (caller, operator) in callers.iter().zip(&operators) {
        let mut last = caller.packet().sequence;
        let mut next = operator.frame().sequence;
        for _ in 0..FRAMES {
            let sequence = caller.packet().sequence;
            assert_eq!(
                sequence,
                last.wrapping_add(1),
                "a packet to a caller is missing"
            );
            last = sequence;
            let sequence = operator.frame().sequence;
            assert_eq!(
                sequence,
                next.wrapping_add(1),
                "a packet to an operator is missing"
            );
            next = sequence;
        }
    }
    for n in 0..20 {
        assert!(!world.close(call(n)).cut_off);
    }
}
