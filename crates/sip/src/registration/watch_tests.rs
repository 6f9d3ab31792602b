//! PBXs with many lines, and what the lines tell one another of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Fault, Transport};
use tokio::sync::mpsc;

use super::super::{Finding, Input, Output, Registration};
use super::Watch;
use super::town::{Town, pbx};

#[test]
fn five_hundred_lines_are_found_again_within_30_s_at_50_registers_a_second() {
    let mut town = Town::with(500);
    let first = town.until_bound(500);
    assert!(first <= Duration::from_secs(30), "{first:?}");
    assert!(town.most_a_second() <= 50, "{}", town.most_a_second());
    town.pass(Duration::from_secs(20));
    for away in [2, 6, 40, 400] {
        town.stops();
        town.pass(Duration::from_secs(away));
        // The desk is told of all of them, not of the one that watches alone.
        let failed = if away > 10 { 500 } else { 0 };
        assert_eq!(town.failed.len(), failed, "after {away} s");
        town.starts();
        let one = town.until_bound(1);
        assert!(one <= Duration::from_secs(5), "{one:?} after {away} s");
        let all = one + town.until_bound(500);
        assert!(all <= Duration::from_secs(30), "{all:?} after {away} s");
        let most = town.most_a_second();
        assert!(most <= 50, "{most} after {away} s");
        town.pass(Duration::from_secs(1));
        assert!(town.failed.is_empty());
    }
}

#[test]
fn a_single_line_is_found_again_within_5_s_however_long_its_pbx_was_away() {
    for away_ms in [1, 100, 900, 3000, 8000, 60_000, 700_000] {
        let mut town = Town::with(1);
        town.until_bound(1);
        town.pass(Duration::from_millis(5000 + away_ms % 977));
        town.stops();
        town.pass(Duration::from_millis(away_ms));
        town.starts();
        let again = town.until_bound(1);
        assert!(again <= Duration::from_secs(5), "{again:?} after {away_ms}");
    }
}

#[test]
fn one_line_asks_for_all_and_another_one_takes_its_place() {
    let mut town = Town::with(100);
    town.until_bound(100);
    town.pass(Duration::from_secs(10));
    let before = town.asked;
    town.pass(Duration::from_secs(35));
    let asked = town.asked - before;
    assert!((9..=11).contains(&asked), "{asked}");
    // The one that asks is refused from now on: it can't tell for the others.
    let here = (pbx(), Transport::Udp);
    town.watch.found(here, 0, town.now, Finding::Refused);
    town.stops();
    town.starts();
    let again = town.until_bound(1);
    assert!(again <= Duration::from_secs(5), "{again:?}");
}

#[test]
fn a_pbx_that_does_not_list_is_only_asked_whether_it_is_there() {
    let mut town = Town::with(3);
    town.lists = false;
    town.until_bound(3);
    town.pass(Duration::from_secs(30));
    let registers = town.registers.len();
    town.pass(Duration::from_secs(60));
    assert_eq!(
        town.registers.len(),
        registers,
        "no REGISTER until the refresh"
    );
    town.stops();
    town.pass(Duration::from_secs(5));
    town.starts();
    let again = town.until_bound(3);
    assert!(again <= Duration::from_secs(5), "{again:?}");
}

#[test]
fn what_one_found_is_told_to_the_others_at_the_same_server_only() {
    let mut watch = Watch::default();
    let other = (SocketAddr::from(([192, 0, 2, 2], 5060)), Transport::Udp);
    let here = (pbx(), Transport::Udp);
    let mut inboxes: Vec<_> = [here, here, other]
        .into_iter()
        .enumerate()
        .map(|(id, at)| {
            let (inputs, inbox) = mpsc::unbounded_channel();
            watch.enter(at, id as u64, inputs);
            inbox
        })
        .collect();
    let mut told =
        |id: usize| std::iter::from_fn(|| inboxes[id].try_recv().ok()).collect::<Vec<_>>();
    assert!(matches!(told(0)[..], [Input::Watching(true)]));
    assert!(told(1).is_empty());
    assert!(matches!(told(2)[..], [Input::Watching(true)]));
    let silent = || Finding::Silent(Fault::NoAnswer);
    watch.found(here, 0, Instant::now(), silent());
    assert!(matches!(told(1)[..], [Input::Asked(_)]));
    watch.found(here, 1, Instant::now(), silent());
    assert!(matches!(told(1)[..], [Input::Heard(..)]));
    assert!(told(0).is_empty() && told(2).is_empty());
    watch.leave(here, 0);
    assert!(matches!(told(1)[..], [Input::Watching(true)]));
    watch.leave(here, 1);
    watch.leave(other, 2);
    assert!(watch.posts.is_empty());
}

#[test]
fn however_many_pbxs_there_are_each_is_asked_before_a_nat_forgets() {
    let (inputs, _inbox) = mpsc::unbounded_channel();
    let mut watch = Watch::default();
    let mut asked_within = |pbxs: u32| {
        for n in 0..pbxs {
            let ip = std::net::Ipv4Addr::from_bits(n);
            let at = ((ip, 5060).into(), Transport::Udp);
            watch.enter(at, 1, inputs.clone());
        }
        watch.every()
    };
    assert_eq!(asked_within(500), super::WATCH_EVERY);
    assert_eq!(asked_within(5000), Duration::from_secs(10));
    assert_eq!(asked_within(50_000), super::WATCH_AT_LEAST);
}

#[test]
fn a_line_that_alone_hears_nothing_does_not_take_the_others_with_it() {
    // It is not heard, or something on the way answers for a PBX of its own.
    for refused in [None, Some(408)] {
        let mut town = Town::with(40);
        town.until_bound(40);
        town.pass(Duration::from_secs(10));
        match refused {
            None => drop(town.unheard.insert(0)),
            Some(code) => drop(town.refused.insert(0, code)),
        }
        for _ in 0..120 {
            town.pass(Duration::from_secs(1));
            assert!(town.failed.iter().all(|line| *line == 0), "{refused:?}");
        }
        assert!(town.failed.contains(&0));
        // Another one watches now.
        town.stops();
        town.pass(Duration::from_secs(20));
        assert_eq!(town.failed.len(), 40);
        town.starts();
        let again = town.until_bound(39);
        assert!(again <= Duration::from_secs(7), "{again:?}");
    }
}

#[test]
fn however_many_lines_hear_nothing_one_that_is_answered_watches_in_the_end() {
    let mut town = Town::with(40);
    town.until_bound(40);
    town.unheard = (0..40).filter(|line| ![5, 38].contains(line)).collect();
    town.pass(Duration::from_secs(120));
    for _ in 0..120 {
        town.pass(Duration::from_secs(1));
        assert_eq!(town.failed, town.unheard);
    }
}

#[test]
fn a_line_that_is_thrown_out_does_not_make_the_others_register() {
    let mut town = Town::with(40);
    town.until_bound(40);
    town.pass(Duration::from_secs(10));
    town.thrown_out.insert(0);
    town.forget(0);
    town.bindings.clear();
    town.pass(Duration::from_secs(60));
    assert!(town.bindings.contains(&0));
    assert!(town.bindings.iter().all(|line| *line == 0));
    town.stops();
    town.pass(Duration::from_secs(1));
    town.starts();
    let again = town.until_bound(39);
    assert!(
        again <= Duration::from_secs(7),
        "a PBX that forgot is noticed all the same: {again:?}"
    );
}

#[test]
fn lines_that_start_while_their_pbx_is_away_are_registered_within_30_s_of_its_return() {
    for away in [3, 6, 10, 60] {
        let mut town = Town::with(500);
        town.up = false;
        town.pass(Duration::from_secs(away));
        town.starts();
        let one = town.until_bound(1);
        assert!(one <= Duration::from_secs(5), "{one:?} after {away} s");
        let all = one + town.until_bound(500);
        assert!(all <= Duration::from_secs(30), "{all:?} after {away} s");
    }
}

#[test]
fn a_pbx_that_goes_again_while_its_lines_return_finds_them_as_soon() {
    for away in [2, 7, 15] {
        let mut town = Town::with(500);
        town.until_bound(500);
        town.stops();
        town.pass(Duration::from_secs(20));
        town.starts();
        town.pass(Duration::from_secs(10));
        town.stops();
        town.pass(Duration::from_secs(away));
        town.starts();
        let one = town.until_bound(1);
        assert!(one <= Duration::from_secs(5), "{one:?} after {away} s");
        let all = one + town.until_bound(500);
        assert!(all <= Duration::from_secs(30), "{all:?} after {away} s");
    }
}

#[test]
fn behind_a_nat_streams_are_registered_anew_as_soon_as_datagrams() {
    let mut town = Town::with(500);
    town.streams = true;
    let first = town.until_bound(500);
    assert!(first <= Duration::from_secs(30), "{first:?}");
    town.pass(Duration::from_secs(5));
    for away_ms in [10, 20_000] {
        town.stops();
        town.pass(Duration::from_millis(away_ms));
        town.starts();
        let one = town.until_bound(1);
        assert!(one <= Duration::from_secs(5), "{one:?} after {away_ms}");
        let all = one + town.until_bound(500);
        assert!(all <= Duration::from_secs(30), "{all:?} after {away_ms}");
        let most = town.most_a_second();
        assert!(most <= 50, "{most} after {away_ms}");
        town.pass(Duration::from_secs(5));
    }
}

#[test]
fn lines_that_only_refresh_have_both_lanes() {
    let (inputs, _inbox) = mpsc::unbounded_channel();
    let (mut watch, here) = (Watch::default(), (pbx(), Transport::Udp));
    watch.enter(here, 0, inputs);
    let start = Instant::now();
    let late = (0..4000).map(|n| {
        let now = start + n * Duration::from_millis(25);
        watch.turn(here, 1, now, false) - now
    });
    let latest = late.max().expect("some");
    assert!(latest < Duration::from_secs(1), "{latest:?}");
}

#[test]
fn where_a_name_leads_to_two_servers_one_that_returns_has_its_lines_as_soon() {
    let other = SocketAddr::from(([192, 0, 2, 2], 5060));
    for servers in [[pbx(), other], [other, pbx()]] {
        let mut town = Town::with(500);
        town.servers = servers.into();
        town.dead.insert(other);
        town.until_bound(500);
        for away in [40, 400] {
            town.stops();
            town.pass(Duration::from_secs(away));
            town.starts();
            let one = town.until_bound(1);
            assert!(one <= Duration::from_secs(5), "{one:?} after {away} s");
            let all = one + town.until_bound(500);
            assert!(all <= Duration::from_secs(30), "{all:?} after {away} s");
        }
    }
}

#[test]
fn many_lines_at_one_server_are_registered_for_longer() {
    let (inputs, _inbox) = mpsc::unbounded_channel();
    let (mut watch, here) = (Watch::default(), (pbx(), Transport::Udp));
    for id in 0..500 {
        watch.enter(here, id, inputs.clone());
    }
    assert!(watch.interval_s(here) < 30, "as short as the form allows");
    for id in 500..9000 {
        watch.enter(here, id, inputs.clone());
    }
    assert_eq!(watch.interval_s(here), 300);
    let mut line = Registration::new(120, 1);
    line.shares(Duration::from_secs(4), 300);
    let now = Instant::now();
    line.handle(now, Input::Start);
    line.handle(now, Input::Resolved(Ok(vec![pbx()])));
    line.handle(now, Input::Turn(now));
    let asked = std::iter::from_fn(|| line.poll_output()).find_map(|output| match output {
        Output::Register { expires_s, .. } => Some(expires_s),
        _ => None,
    });
    assert_eq!(asked, Some(300));
}
