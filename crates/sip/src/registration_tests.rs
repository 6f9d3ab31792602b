use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use super::story::{Story, server};
use super::{Answer, Input, Output, Registration};
use crate::event::JournalEntry;

fn failed(fault: Fault) -> Vec<JournalEntry> {
    vec![JournalEntry::Failed { fault }]
}

#[test]
fn a_registration_is_challenged_granted_and_refreshed_in_time() {
    let mut story = Story::begin(300, &[server(1)]);
    assert_eq!(story.register(), (server(1), 300, None, None));
    story.challenged("n1");
    assert_eq!(story.register().2, Some(("n1".into(), 1)));
    story.granted(120);
    let registered = JournalEntry::Registered {
        granted_s: 120,
        server: server(1),
    };
    assert_eq!(story.changes(), [registered]);

    // Obeys what was granted, not what was asked for, and logs in unasked.
    let refresh = story.until_refresh();
    assert!((97..=108).contains(&refresh.as_secs()), "{refresh:?}");
    let (nonce, count) = story.register().2.expect("a login");
    assert!(nonce == "n1" && count > 20, "each question had a login too");
    // A new nonce, though nobody called the old one stale.
    story.challenged("n2");
    assert_eq!(story.register().2, Some(("n2".into(), 1)));
    story.granted(120);
    assert_eq!(story.changes(), [], "a refresh is no news");
}

#[test]
fn a_wrong_password_is_tried_twice_and_then_rarely() {
    let mut story = Story::begin(300, &[server(1)]);
    story.challenged("n1");
    story.challenged("n2");
    assert_eq!(story.register().2, Some(("n2".into(), 1)));
    story.challenged("n3");
    assert_eq!(story.changes(), failed(Fault::WrongPassword));
    assert!(story.wait() >= Duration::from_secs(60));

    let mut story = Story::begin(300, &[server(1)]);
    story.challenged("n1");
    story.outputs();
    story.challenged("n1");
    assert_eq!(
        story.changes(),
        failed(Fault::WrongPassword),
        "the same nonce again"
    );

    let mut story = Story::begin(300, &[server(1)]);
    story.challenged("n1");
    story.outputs();
    story.code(403);
    assert_eq!(story.changes(), failed(Fault::WrongPassword));
}

#[test]
fn every_refusal_has_its_fault() {
    for (answer, fault) in [
        (
            Answer {
                code: 403,
                ..Answer::default()
            },
            Fault::UserRefused { code: 403 },
        ),
        (
            Answer {
                code: 404,
                ..Answer::default()
            },
            Fault::UserRefused { code: 404 },
        ),
        (
            Answer {
                code: 401,
                ..Answer::default()
            },
            Fault::UnknownChallenge,
        ),
        (
            Answer {
                code: 423,
                ..Answer::default()
            },
            Fault::RegistrationLimit,
        ),
        (
            Answer {
                code: 500,
                ..Answer::default()
            },
            Fault::Refused { code: 500 },
        ),
        (
            Answer {
                code: 302,
                ..Answer::default()
            },
            Fault::Refused { code: 302 },
        ),
        (
            Answer {
                code: 408,
                ..Answer::default()
            },
            Fault::NoAnswer,
        ),
    ] {
        let mut story = Story::begin(300, &[server(1)]);
        story.answer(answer);
        assert_eq!(story.changes(), failed(fault));
    }
    let mut story = Story::begin(300, &[server(1)]);
    story.outputs();
    story.wait();
    assert_eq!(story.changes(), failed(Fault::NoAnswer));
}

#[test]
fn a_name_that_leads_nowhere_is_told_and_tried_again() {
    let now = Instant::now();
    let mut story = Story {
        machine: Registration::new(300, 7),
        now,
        start: now,
        seen: Vec::new(),
    };
    story.tell(Input::Start);
    story.outputs();
    story.tell(Input::Resolved(Err(Fault::NameNotResolved)));
    assert_eq!(story.changes(), failed(Fault::NameNotResolved));
    story.wait();
    assert_eq!(story.outputs(), [Output::Resolve]);
}

#[test]
fn a_longer_interval_is_asked_for_where_the_pbx_wants_one() {
    let mut story = Story::begin(60, &[server(1)]);
    story.answer(Answer {
        code: 423,
        min_expires_s: Some(600),
        ..Answer::default()
    });
    assert_eq!(story.register().1, 600);
    story.answer(Answer {
        code: 423,
        min_expires_s: Some(900),
        ..Answer::default()
    });
    assert_eq!(
        story.changes(),
        failed(Fault::RegistrationLimit),
        "no haggling"
    );
}

#[test]
fn a_pause_that_the_pbx_asks_for_is_kept() {
    let mut story = Story::begin(300, &[server(1)]);
    story.answer(Answer {
        code: 503,
        retry_after_s: Some(77),
        ..Answer::default()
    });
    assert_eq!(story.changes(), failed(Fault::Refused { code: 503 }));
    let pause = story.wait();
    assert!((77..=85).contains(&pause.as_secs()), "{pause:?}");
    story.outputs();
    story.tell(Input::Resolved(Ok(vec![server(1)])));
    story.answer(Answer {
        code: 503,
        retry_after_s: Some(u32::MAX),
        ..Answer::default()
    });
    let pause = story.wait();
    assert!((3600..=3960).contains(&pause.as_secs()), "but not for ever");
}

#[test]
fn a_pbx_that_goes_is_noticed_and_found_again_within_five_seconds() {
    let mut story = Story::begin(300, &[server(1)]);
    story.granted(300);
    story.outputs();
    // It goes: the ping is unanswered, then the REGISTER.
    while !matches!(story.machine.connection, Connection::Failed { .. }) {
        story.wait();
    }
    let noticed = story.now - story.start;
    assert!(noticed <= Duration::from_secs(12), "{noticed:?}");
    assert_eq!(story.changes(), failed(Fault::NoAnswer));
    // While it is away it is asked at least every 5 s, whichever way it fails.
    let away_since = story.now;
    let mut last = story.now;
    while story.now - away_since < Duration::from_secs(110) {
        story.wait();
        for output in story.outputs() {
            match output {
                Output::Resolve => story.tell(Input::Resolved(Ok(vec![server(1)]))),
                Output::Register { number, .. } => {
                    assert!(
                        story.now - last <= Duration::from_secs(5),
                        "{:?}",
                        story.now - last
                    );
                    last = story.now;
                    if number % 2 == 0 {
                        story.tell(Input::Broken(number, Fault::NoAnswer));
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }
    // It comes back.
    loop {
        story.wait();
        if story.outputs().contains(&Output::Resolve) {
            story.tell(Input::Resolved(Ok(vec![server(1)])));
            break;
        }
    }
    story.granted(300);
    let registered = JournalEntry::Registered {
        granted_s: 300,
        server: server(1),
    };
    assert_eq!(story.changes(), [registered]);
}

#[test]
fn a_pbx_that_is_away_for_a_day_is_asked_every_half_minute() {
    let mut story = Story::begin(300, &[server(1)]);
    while story.now - story.start < Duration::from_secs(24 * 3600 + 10) {
        story.wait();
        if story.outputs().contains(&Output::Resolve) {
            story.tell(Input::Resolved(Ok(vec![server(1)])));
        }
    }
    let mut pauses = Vec::new();
    for _ in 0..4 {
        pauses.push(story.wait().as_secs());
        if story.outputs().contains(&Output::Resolve) {
            story.tell(Input::Resolved(Ok(vec![server(1)])));
        }
    }
    assert!(
        pauses.iter().any(|pause| (27..=33).contains(pause)),
        "{pauses:?}"
    );
}

#[test]
fn the_next_server_takes_over_and_the_first_is_tried_first_again() {
    let mut story = Story::begin(300, &[server(1), server(2)]);
    story.granted(120);
    story.until_refresh();
    assert_eq!(story.register().0, server(1));
    story.wait();
    assert_eq!(story.register().0, server(2));
    story.granted(120);
    assert_eq!(
        story.changes(),
        [JournalEntry::ServerChanged { server: server(2) }]
    );
    story.until_refresh();
    assert_eq!(story.register().0, server(2));
    story.wait();
    assert_eq!(story.register().0, server(1));
    story.wait();
    assert_eq!(story.changes(), failed(Fault::NoAnswer), "both were tried");
    story.wait();
    story.outputs();
    story.tell(Input::Resolved(Ok(vec![server(1), server(2)])));
    assert_eq!(story.register().0, server(1));
}

#[test]
fn behind_a_nat_the_address_that_the_pbx_sees_is_registered() {
    let seen = SocketAddr::from(([203, 0, 113, 5], 62_000));
    let mut story = Story::begin(300, &[server(1)]);
    story.outputs();
    story.answer(Answer {
        code: 200,
        granted_s: Some(300),
        seen_as: Some(seen),
        ..Answer::default()
    });
    assert_eq!(story.register().3, Some(seen));
    // A NAT that changes its port every time leads into no loop.
    let other = SocketAddr::from(([203, 0, 113, 5], 62_001));
    story.answer(Answer {
        code: 200,
        granted_s: Some(300),
        seen_as: Some(other),
        ..Answer::default()
    });
    assert!(matches!(
        story.machine.connection,
        Connection::Registered { granted_s: 300 }
    ));
}

#[test]
fn a_registration_is_taken_back_with_a_login() {
    let mut story = Story::begin(300, &[server(1)]);
    story.challenged("n1");
    story.granted(300);
    story.outputs();
    story.tell(Input::Stop);
    assert_eq!(
        story.register(),
        (server(1), 0, Some(("n1".into(), 2)), None)
    );
    story.challenged("n2");
    assert_eq!(story.register().1, 0);
    story.code(200);
    let last = Output::Changed(Connection::NotConfigured, JournalEntry::Unregistered);
    assert_eq!(story.outputs(), [last, Output::Done]);
    assert_eq!(story.machine.poll_timeout(), None, "no timer is left");
    // And where nobody answers, it ends all the same.
    let mut story = Story::begin(300, &[server(1)]);
    story.tell(Input::Stop);
    story.wait();
    assert_eq!(story.outputs().pop(), Some(Output::Done));
    // One that never held has nothing to take back.
    let mut idle = Registration::new(300, 1);
    idle.handle(Instant::now(), Input::Stop);
    assert_eq!(idle.poll_output(), Some(Output::Done));
}

#[test]
fn a_lost_stream_is_registered_anew_at_once() {
    let mut story = Story::begin(300, &[server(1)]);
    story.granted(300);
    story.outputs();
    story.tell(Input::ConnectionLost);
    assert_eq!(story.register().0, server(1));
    let number = story.machine.numbers;
    story.tell(Input::Broken(number, Fault::ConnectionRefused));
    assert_eq!(story.changes(), failed(Fault::ConnectionRefused));
    let pause = story.wait();
    assert!(pause <= Duration::from_millis(1100), "{pause:?}");
}

#[test]
fn late_answers_change_nothing() {
    let mut story = Story::begin(300, &[server(1)]);
    story.outputs();
    story.wait();
    story.outputs();
    story.tell(Input::Answered(
        1,
        Answer {
            code: 200,
            ..Answer::default()
        },
    ));
    story.tell(Input::Broken(1, Fault::NoAnswer));
    story.tell(Input::Resolved(Ok(vec![server(9)])));
    assert_eq!(story.outputs(), []);
}

#[test]
fn a_pbx_that_forgot_is_registered_with_at_once() {
    let mut story = Story::begin(300, &[server(1)]);
    story.challenged("n1");
    story.granted(300);
    story.outputs();
    let listed = |listed| Answer {
        code: 200,
        listed,
        ..Answer::default()
    };
    story.wait();
    assert!(matches!(story.outputs()[..], [Output::Fetch { .. }]));
    story.answer(listed(true));
    let pause = story.wait();
    assert!(pause <= Duration::from_millis(3900), "{pause:?}");
    // It was started anew: another nonce, and nobody is registered.
    story.outputs();
    story.challenged("n2");
    match &story.outputs()[..] {
        [Output::Fetch { logins, .. }] => assert_eq!(logins[0].0.nonce, "n2"),
        other => panic!("{other:?}"),
    }
    story.answer(listed(false));
    assert_eq!(story.register().1, 300);
    story.granted(300);
    assert_eq!(story.changes(), [], "it was registered all along");
}

#[test]
fn a_pbx_that_refuses_to_list_is_asked_so_once_only() {
    for code in [400, 403, 404, 405, 501] {
        let mut story = Story::begin(300, &[server(1)]);
        story.granted(300);
        story.outputs();
        story.wait();
        assert!(matches!(story.outputs()[..], [Output::Fetch { .. }]));
        story.code(code);
        // Whether that was a sign of something only a REGISTER can tell.
        assert_eq!(story.register().1, 300);
        story.granted(300);
        for _ in 0..5 {
            story.wait();
            assert!(matches!(story.outputs()[..], [Output::Ping { .. }]));
            story.code(404);
        }
        // It answers otherwise than before: something happened there.
        story.wait();
        story.outputs();
        story.code(503);
        assert_eq!(story.register().1, 300);
    }
}
