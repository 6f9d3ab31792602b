//! Whose sound is taken.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use media::{OpenError, Peer};
use model::audio::{Direction, Law};

use crate::sound::level_db;
use crate::telephone::{Says, Telephone};
use crate::world::{World, call, sides};

#[test]
fn strangers_change_nothing() {
    let mut world = World::new(1);
    let address = world
        .engine
        .open(call(1), Some(world.raw(call(1))))
        .expect("a socket");
    let caller = Telephone::start(address, Law::A, Says::Tone(600.0));
    world.engine.connect(call(1), &caller.described());
    caller.hear(10);
    let stranger = Telephone::start(address, Law::A, Says::Tone(1500.0));
    let noise = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    for n in 0..2000_u32 {
        let garbage: Vec<u8> = (0..n % 300).map(|i| (i * n) as u8).collect();
        noise.send_to(&garbage, address).expect("sent");
    }
    caller.hear(60);
    assert!(stranger.received().is_empty(), "a stranger is sent nothing");
    let (left, _) = sides(&world.close(call(1)).raw);
    let tail = &left[left.len() - 6000..left.len() - 1000];
    assert!(level_db(tail, 600.0) > -7.0 && level_db(tail, 1500.0) < -40.0);
}

/// A call whose PBX signals from here.
fn signalled(world: &World) -> SocketAddr {
    let here = Some(IpAddr::from([127, 0, 0, 1]));
    let peer = Peer {
        sound: here,
        signalling: here,
    };
    let opened = world
        .engine
        .open_towards(call(1), Some(world.raw(call(1))), peer);
    opened.expect("a socket")
}

#[test]
fn a_stranger_who_comes_first_is_neither_heard_nor_recorded_nor_answered() {
    let mut world = World::new(1);
    let address = signalled(&world);
    let elsewhere = IpAddr::from([127, 0, 0, 9]);
    let stranger = Telephone::start_at(elsewhere, address, Law::A, Says::Tone(1500.0));
    // A PBX that is slow: it says nothing until it hears something.
    let caller = Telephone::start(address, Law::A, Says::Echo);
    let mut described = caller.described();
    described.address = "127.0.0.1:9".parse().expect("an address");
    world.engine.connect(call(1), &described);
    world.connected(call(2), Law::A, Says::Tone(600.0)).hear(25);
    caller.say(Says::Tone(600.0));
    caller.hear(60);
    assert!(stranger.received().is_empty(), "a stranger is sent nothing");
    let (left, _) = sides(&world.close(call(1)).raw);
    assert!(level_db(&left, 1500.0) < -40.0);
    assert!(level_db(&left[left.len() - 4000..], 600.0) > -7.0);
}

#[test]
fn behind_nat_the_pbx_is_answered_where_it_sends_from() {
    let mut world = World::new(1);
    let address = world
        .engine
        .open(call(1), Some(world.raw(call(1))))
        .expect("a socket");
    let caller = Telephone::start(address, Law::A, Says::Tone(600.0));
    let mut described = caller.described();
    described.address = "192.0.2.1:4000".parse().expect("an address");
    world.engine.connect(call(1), &described);
    caller.hear(10);
    let (left, _) = sides(&world.close(call(1)).raw);
    assert!(level_db(&left[1600..], 600.0) > -10.0);
}

#[test]
fn a_pbx_that_holds_is_not_sent_to() {
    let world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(600.0));
    caller.hear(5);
    let mut described = caller.described();
    described.direction = Direction::SendOnly;
    world.engine.connect(call(1), &described);
    // What the engine answers another call with proves that the command has been obeyed.
    let other = world.connected(call(2), Law::A, Says::Tone(600.0));
    other.hear(5);
    caller.received();
    other.hear(25);
    assert!(caller.received().is_empty());
    world.engine.connect(call(1), &caller.described());
    caller.hear(5);
}

#[test]
fn a_call_is_opened_once() {
    let world = World::new(1);
    world.engine.open(call(1), None).expect("open");
    assert!(matches!(
        world.engine.open(call(1), None),
        Err(OpenError::AlreadyOpen)
    ));
    world.engine.close(call(1));
    world.engine.open(call(1), None).expect("open again");
    world.engine.shutdown();
    assert!(matches!(
        world.engine.open(call(3), None),
        Err(OpenError::Stopped)
    ));
}
