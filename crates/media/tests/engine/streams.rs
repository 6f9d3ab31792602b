//! Browsers whose network lets no UDP through.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use media::{EchoStage, Event};
use model::audio::Law;

use crate::sound::{level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, browser, call};

const CALLER: f64 = 600.0;
const OPERATOR: f64 = 1100.0;

fn hears(hz: f64) -> impl Fn(&[i16]) -> bool {
    move |heard| (level_db(heard, hz) + 6.0).abs() < 1.0
}

fn a_conversation_over_tcp(threads: usize) {
    let mut world = World::new(threads);
    let operator = world.signed_in_over_tcp(browser(1), &[Law::A], OPERATOR);
    // Another one beside it, by UDP, on whichever thread.
    let other = world.signed_in(browser(2), &[Law::A], OPERATOR);
    let caller = world.connected(call(1), Law::A, Says::Tone(CALLER));
    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", hears(OPERATOR));
    operator.hear_until("the caller", hears(CALLER));
    assert!(loudness_db(&other.hear(25)) < -60.0);

    // Whoever leaves is known to be gone, and the call can go to the next.
    drop(operator);
    world.wait(&Event::BrowserDown {
        browser: browser(1),
    });
    world.engine.bridge(call(1), browser(2));
    other.hear_until("the caller", hears(CALLER));
}

#[test]
fn caller_and_operator_talk_over_tcp() {
    a_conversation_over_tcp(1);
}

#[test]
fn caller_and_operator_talk_over_tcp_from_another_thread() {
    a_conversation_over_tcp(3);
}

#[test]
fn strangers_on_the_port_are_sent_away() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], OPERATOR);
    let server = world.engine.browser_address();
    for said in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xff; 64],
        // A datagram before any name.
        &[0, 4, 0x80, 0, 0, 0],
    ] {
        let mut stream = TcpStream::connect(server).expect("a stream");
        stream.write_all(said).expect("sent");
        let wait = Duration::from_secs(10);
        stream.set_read_timeout(Some(wait)).expect("a timeout");
        let answer = stream.read(&mut [0; 16]);
        let closed = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(
            matches!(&answer, Ok(0)) || answer.as_ref().is_err_and(closed),
            "{answer:?}"
        );
    }
    page.hear(10);
}

fn a_call_to_oneself(over_tcp: bool) {
    let mut world = World::new(2);
    let id = browser(1);
    let page = match over_tcp {
        true => world.signed_in_over_tcp(id, &[Law::A], OPERATOR),
        false => world.signed_in(id, &[Law::A], OPERATOR),
    };
    let stage = |stage| Event::Echo { browser: id, stage };
    world.engine.echo(id);
    world.wait(&stage(EchoStage::Listening));
    world.wait(&stage(EchoStage::Playing));
    page.hear_until("itself", hears(OPERATOR));
    world.wait(&stage(EchoStage::Done));
    page.hear_until("nothing any more", |heard| loudness_db(heard) < -60.0);
}

#[test]
fn a_browser_hears_itself() {
    a_call_to_oneself(false);
}

#[test]
fn a_browser_hears_itself_over_tcp() {
    a_call_to_oneself(true);
}

#[test]
fn a_call_breaks_the_call_to_oneself_off() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], OPERATOR);
    let caller = world.connected(call(1), Law::A, Says::Tone(CALLER));
    let stage = |stage| Event::Echo {
        browser: browser(1),
        stage,
    };
    world.engine.echo(browser(1));
    world.wait(&stage(EchoStage::Listening));
    world.engine.bridge(call(1), browser(1));
    world.wait(&stage(EchoStage::Done));
    caller.hear_until("the operator", hears(OPERATOR));
    page.hear_until("the caller", hears(CALLER));
    // Who talks does not call oneself.
    world.engine.echo(browser(1));
    world.wait(&stage(EchoStage::Done));
}
