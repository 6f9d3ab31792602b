//! How a line finds its PBX again.

use std::net::SocketAddr;
use std::time::Duration;

use model::pbx::{Connection, Fault};

use super::state::State;
use super::story::{Story, challenge, server};
use super::{Answer, Input, Output};

/// A story of a line that was registered and is forgotten by a PBX that does not answer.
fn away(servers: &[SocketAddr]) -> Story {
    let mut story = Story::begin(300, servers);
    story.granted(300);
    story.outputs();
    while !matches!(story.machine.state, State::Pausing(_)) {
        story.wait();
    }
    story.outputs();
    story
}

#[test]
fn a_pbx_that_has_not_read_its_users_yet_is_asked_again_soon_but_once_only() {
    for code in [403, 404] {
        let mut story = away(&[server(1)]);
        story.wait();
        story.tell(Input::Resolved(Ok(vec![server(1)])));
        story.code(code);
        let pause = story.wait();
        assert!(pause <= Duration::from_secs(6), "{pause:?}");
        story.tell(Input::Resolved(Ok(vec![server(1)])));
        story.code(code);
        let pause = story.wait();
        assert!(pause >= Duration::from_secs(60), "{pause:?}");
        story.tell(Input::Resolved(Ok(vec![server(1)])));
        story.granted(300);
        assert!(matches!(
            story.machine.connection,
            Connection::Registered { .. }
        ));
    }
    // One that was never held has to be mended first.
    let mut story = Story::begin(300, &[server(1)]);
    story.code(403);
    assert!(story.wait() >= Duration::from_secs(60));
}

#[test]
fn each_of_several_silent_servers_is_asked_again_within_5_s() {
    let servers = [server(1), server(2)];
    let mut story = away(&servers);
    let (mut last, since) = ([story.now; 2], story.now);
    while story.now - since < Duration::from_secs(60) {
        story.wait();
        for output in story.outputs() {
            match output {
                Output::Resolve => story.tell(Input::Resolved(Ok(servers.to_vec()))),
                Output::Register { server: to, .. } => {
                    let at = usize::from(to == server(2));
                    let gap = story.now - last[at];
                    assert!(gap <= Duration::from_secs(5), "{gap:?}");
                    last[at] = story.now;
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_server_that_answers_late_has_more_time() {
    let servers = [server(1), server(2)];
    let mut story = away(&servers);
    story.wait();
    story.tell(Input::Resolved(Ok(servers.to_vec())));
    assert_eq!(story.register().0, server(1));
    let late = story.machine.numbers;
    assert_eq!(story.wait(), Duration::from_secs(2));
    story.tell(Input::Answered(late, Answer::default()));
    assert_eq!(story.wait(), Duration::from_secs(2));
    story.wait();
    story.outputs();
    story.tell(Input::Resolved(Ok(servers.to_vec())));
    assert_eq!(story.register().0, server(1));
    assert_eq!(story.wait(), Duration::from_secs(4));
}

#[test]
fn a_server_that_asks_for_a_pause_has_it_while_another_one_is_tried() {
    let servers = [server(1), server(2)];
    let mut story = Story::begin(300, &servers);
    story.answer(Answer {
        code: 503,
        retry_after_s: Some(600),
        ..Answer::default()
    });
    let mut asked = 0;
    while story.now - story.start < Duration::from_secs(590) {
        for output in story.outputs() {
            match output {
                Output::Resolve => story.tell(Input::Resolved(Ok(servers.to_vec()))),
                Output::Register { server: to, .. } => {
                    assert!(to == server(2) || story.now == story.start);
                    asked += 1;
                }
                _ => {}
            }
        }
        story.wait();
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn another_server_is_not_told_the_address_that_the_first_one_saw() {
    let seen = SocketAddr::from(([203, 0, 113, 5], 62_000));
    let mut story = Story::begin(300, &[server(1), server(2)]);
    story.outputs();
    story.answer(Answer {
        code: 401,
        challenges: challenge("n1"),
        seen_as: Some(seen),
        ..Answer::default()
    });
    assert_eq!(story.register().3, Some(seen), "with the login already");
    story.code(503);
    let (to, _, _, contact) = story.register();
    assert_eq!((to, contact), (server(2), None));
}

#[test]
fn where_names_are_not_answered_the_servers_known_are_tried() {
    for answer in [None, Some(Err(Fault::NameNotResolved))] {
        let mut story = away(&[server(1)]);
        story.wait();
        assert_eq!(story.outputs(), [Output::Resolve]);
        match answer {
            Some(answer) => story.tell(Input::Resolved(answer)),
            None => assert_eq!(story.wait(), Duration::from_secs(1)),
        }
        assert_eq!(story.register().0, server(1));
    }
}

#[test]
fn a_name_that_is_answered_late_leads_to_its_new_servers_all_the_same() {
    let mut story = away(&[server(1)]);
    story.wait();
    story.wait();
    assert_eq!(story.register().0, server(1));
    story.tell(Input::Resolved(Ok(vec![server(2)])));
    story.wait();
    story.wait();
    story.wait();
    assert_eq!(story.register().0, server(2));
}

#[test]
fn a_line_that_waits_is_taken_back_where_the_pbx_may_still_have_it() {
    let mut story = away(&[server(1)]);
    story.tell(Input::Stop);
    assert_eq!(story.register().1, 0);
    story.code(200);
    assert_eq!(story.outputs().pop(), Some(Output::Done));
    // Not where its time there is over.
    let mut story = away(&[server(1)]);
    story.now += Duration::from_secs(300);
    story.tell(Input::Stop);
    assert_eq!(story.outputs(), [Output::Done]);
}

#[test]
fn the_shortest_interval_of_the_form_is_asked_for() {
    let mut story = Story::begin(30, &[server(1)]);
    assert_eq!(story.register().1, 30);
}
