//! IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use media::Peer;
use model::audio::Law;

use crate::sound::level_db;
use crate::telephone::{Says, Telephone};
use crate::world::{World, browser, call};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// What is known of a PBX that is there.
fn at(pbx: IpAddr) -> Peer {
    Peer {
        sound: Some(pbx),
        signalling: Some(pbx),
    }
}

/// A call whose PBX is there: both hear each other, and a stranger is not heard.
fn talks(world: &mut World, number: u128, pbx: IpAddr) {
    let (call, browser) = (call(number), browser(number));
    let operator = world.signed_in(browser, &[Law::A], 1100.0);
    let raw = world.raw(call);
    let told = world.engine.open_towards(call, Some(raw), at(pbx));
    let told = told.expect("a socket");
    assert_eq!(
        told.ip(),
        pbx,
        "the address of the PBX's own family is told"
    );
    let caller = Telephone::start(told, Law::A, Says::Tone(600.0));
    assert_eq!(caller.address.ip(), pbx);
    world.engine.connect(call, &caller.described());
    world.engine.bridge(call, browser);
    caller.hear_until("the operator", |heard| {
        (level_db(heard, 1100.0) + 6.0).abs() < 1.0
    });
    let stranger = Telephone::start(told, Law::A, Says::Tone(2000.0));
    for _ in 0..3 {
        operator.hear_until("the caller alone", |heard| {
            (level_db(heard, 600.0) + 6.0).abs() < 1.0 && level_db(heard, 2000.0) < -40.0
        });
    }
    assert!(stranger.received().is_empty(), "a stranger is sent nothing");
    let stats = world.stats(call).expect("a call");
    assert_eq!(
        (stats.from, stats.to),
        (Some(caller.address), Some(caller.address))
    );
    assert!(stats.strangers > 0 && stats.lost == 0, "{stats:?}");
}

#[test]
fn an_engine_of_ipv6_alone_talks_over_it() {
    let mut world = World::listening(1, V6, Vec::new());
    talks(&mut world, 1, V6);
}

#[test]
fn an_engine_of_both_families_talks_to_either_at_once() {
    let any = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    let mut world = World::listening(1, any, vec![V4, V6]);
    talks(&mut world, 1, V4);
    talks(&mut world, 2, V6);
    talks(&mut world, 3, V4);
}

/// Behind NAT the address is learned: as IPv4, however the socket sees it.
#[test]
fn behind_nat_the_pbx_of_either_family_is_found() {
    let any = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    let world = World::listening(1, any, vec![V4, V6]);
    for (number, pbx, elsewhere) in [(1, V4, "192.0.2.1:4000"), (2, V6, "[2001:db8::1]:4000")] {
        let told = world.engine.open_towards(call(number), None, at(pbx));
        let caller = Telephone::start(told.expect("a socket"), Law::A, Says::Tone(600.0));
        let mut described = caller.described();
        described.address = elsewhere.parse::<SocketAddr>().expect("an address");
        world.engine.connect(call(number), &described);
        caller.hear(10);
        let stats = world.stats(call(number)).expect("a call");
        assert_eq!(stats.from, Some(caller.address));
    }
}
