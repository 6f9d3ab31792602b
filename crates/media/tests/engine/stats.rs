//! The figures of a call's sound.

use std::net::UdpSocket;
use std::time::Duration;

use model::audio::{Codec, Law};

use crate::telephone::Says;
use crate::world::{World, browser, call};

#[test]
fn both_directions_are_told_while_the_call_is_up_and_when_it_is_over() {
    let mut world = World::new(2);
    let caller = world.connected(call(1), Law::Mu, Says::Tone(600.0));
    caller.hear(50);
    let stranger = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let mut packet = vec![0x80, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9];
    packet.extend([0xff; 160]);
    (stranger.send_to(&packet, caller.to)).expect("sent");
    caller.hear(10);

    let now = world.stats(call(1)).expect("a call");
    assert_eq!(now.codec, Some(Codec::Pcmu));
    assert_eq!(
        (now.from, now.to),
        (Some(caller.address), Some(caller.address))
    );
    assert!(!now.encrypted);
    assert!(now.received >= 50 && now.sent >= 50, "{now:?}");
    assert_eq!((now.lost, now.late, now.strangers), (0, 0, 1), "{now:?}");
    assert!(
        now.first_after
            .is_some_and(|after| after < Duration::from_secs(1)),
        "{now:?}"
    );
    assert!(now.jitter < Duration::from_millis(20), "{now:?}");

    // Wherever the call is.
    let _operator = world.signed_in(browser(1), &[Law::A], 0.0);
    world.engine.bridge(call(1), browser(1));
    caller.hear(10);
    let moved = world.stats(call(1)).expect("a call");
    assert!(
        moved.received > now.received && moved.sent > now.sent,
        "{moved:?}"
    );
    world.close(call(1));
    let last = world.closed(call(1));
    assert!(
        last.received >= moved.received && last.strangers == 1,
        "{last:?}"
    );
    assert_eq!(world.stats(call(1)), None);
}

#[test]
fn a_call_that_hears_nothing_says_so() {
    let mut world = World::new(1);
    world.engine.open(call(1), None).expect("a socket");
    assert_eq!(world.stats(call(1)).expect("a call").codec, None);
    world.engine.close(call(1));
    let last = world.closed(call(1));
    assert_eq!(
        (last.received, last.sent, last.from, last.first_after),
        (0, 0, None, None)
    );
}
