//! The browser's leg by itself: offers of every kind, and a shift of silence.

use std::net::UdpSocket;
use std::time::Instant;

use media::{BrowserError, Event};
use model::audio::Law;
use str0m::Rtc;
use str0m::media::{Direction, MediaKind};

use crate::sound::loudness_db;
use crate::webrtc::Browser;
use crate::world::{World, browser};

#[test]
fn bad_offers_are_refused_and_leave_nothing() {
    let world = World::new(1);
    for offer in [
        "",
        "hello",
        "v=0\r\n",
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
    ] {
        let answer = world.offer(browser(1), offer);
        assert!(
            matches!(
                answer,
                Err(BrowserError::Unreadable | BrowserError::NotAcceptable(_))
            ),
            "{offer:?}"
        );
    }
    let good = Browser::start(&[Law::A], 0.0).offer(false);
    for length in (0..good.len()).step_by(7) {
        // Cut anywhere: answered or refused, but never a panic.
        let _ = world.offer(browser(1), &good[..length]);
    }
    assert!(world.offer(browser(1), &good).is_ok());
}

#[test]
fn an_offer_without_g711_is_refused() {
    let world = World::new(1);
    let mut rtc = Rtc::builder()
        .clear_codecs()
        .enable_opus(true, false)
        .build(std::time::Instant::now());
    let mut change = rtc.sdp_api();
    change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
    let (offer, _) = change.apply().expect("an offer");
    let answer = world.offer(browser(1), &offer.to_sdp_string());
    assert!(
        matches!(answer, Err(BrowserError::NotAcceptable(_))),
        "{answer:?}"
    );
}

#[test]
fn the_answer_prefers_a_law_and_tells_the_one_port() {
    let world = World::new(1);
    let page = Browser::start(&[Law::Mu, Law::A], 0.0);
    let answer = world
        .offer(browser(1), &page.offer(false))
        .expect("an answer");
    let port = world.engine.browser_address().port();
    assert!(answer.contains("a=ice-lite"), "{answer}");
    assert!(
        answer.contains(&format!("127.0.0.1 {port} typ host")),
        "{answer}"
    );
    assert!(
        answer.contains("PCMA/8000") && answer.contains("PCMU/8000"),
        "{answer}"
    );
}

#[test]
fn addresses_that_a_browser_hides_are_no_hindrance() {
    let world = World::new(1);
    let page = Browser::start(&[Law::A], 0.0);
    let hidden = "0f5c3a54-2f0d-4c1e-9d39-0a5b7d0a1c11.local";
    let offer = page
        .offer(false)
        .replace(" 127.0.0.1 ", &format!(" {hidden} "));
    assert!(offer.contains(hidden), "{offer}");
    world.offer(browser(1), &offer).expect("an answer");
}

#[test]
fn silence_between_calls_has_no_gap_and_survives_an_ice_restart() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], 1000.0);
    let answer = world
        .offer(browser(1), &page.offer(true))
        .expect("an answer to a restart");
    let mut last = page.frame();
    page.answer(answer);
    for _ in 0..100 {
        let frame = page.frame();
        assert_eq!(frame.sequence, last.sequence.wrapping_add(1));
        assert_eq!(frame.timestamp, last.timestamp.wrapping_add(160));
        assert!(loudness_db(&frame.samples) < -60.0);
        last = frame;
    }
    let told = world.shut_down();
    assert!(
        !told.contains(&Event::BrowserDown {
            browser: browser(1)
        }),
        "{told:?}"
    );
}

#[test]
fn a_page_that_was_loaded_again_begins_a_new_connection() {
    let mut world = World::new(1);
    let before = world.signed_in(browser(1), &[Law::A], 1000.0);
    drop(before);
    let again = world.signed_in(browser(1), &[Law::A], 1000.0);
    world.wait(&Event::BrowserDown {
        browser: browser(1),
    });
    again.hear(10);
}

#[test]
fn a_browser_that_is_gone_is_told() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], 1000.0);
    drop(page);
    world.wait(&Event::BrowserDown {
        browser: browser(1),
    });
}

#[test]
fn a_cut_network_is_told_and_so_is_its_end() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], 1000.0);
    page.hear(25);
    let cut = Instant::now();
    page.cut(true);
    world.wait(&Event::BrowserStalled {
        browser: browser(1),
    });
    let noticed = cut.elapsed();
    assert!(
        (1800..2800).contains(&noticed.as_millis()),
        "noticed after {noticed:?}"
    );
    page.cut(false);
    world.wait(&Event::BrowserResumed {
        browser: browser(1),
    });
    page.hear(25);
    let told = world.shut_down();
    assert_eq!(told, [], "nothing else");
}

#[test]
fn garbage_on_the_browsers_port_changes_nothing() {
    let mut world = World::new(1);
    let page = world.signed_in(browser(1), &[Law::A], 1000.0);
    let noise = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let mut seed = 1_u32;
    for n in 0..3000_usize {
        let mut bytes = vec![0; n % 200];
        for byte in &mut bytes {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (seed >> 24) as u8;
        }
        // Of each kind that shares the port: STUN, DTLS, RTP.
        if let Some(first) = bytes.first_mut() {
            *first = [0, 22, 0x80, *first][n % 4];
        }
        noise
            .send_to(&bytes, world.engine.browser_address())
            .expect("sent");
    }
    page.hear(50);
    let told = world.shut_down();
    assert!(
        !told.contains(&Event::BrowserDown {
            browser: browser(1)
        }),
        "{told:?}"
    );
}
