use std::time::{Duration, Instant};

use super::{Agreed, Due, MIN_S, Refresher, Refused, Said, Session, TooBrief};

/// A session on simulated time.
struct Story {
    session: Session,
    begin: Instant,
    now: Instant,
}

impl Story {
    fn new(owner: bool) -> Self {
        let begin = Instant::now();
        Self {
            session: Session::new(owner),
            begin,
            now: begin,
        }
    }

    /// A session that they opened, with `refresher`.
    fn opened(interval_s: u32, refresher: Refresher) -> Self {
        let mut story = Self::new(false);
        let agreed = story.session.asked(story.now, said(interval_s, refresher));
        assert_eq!(
            agreed,
            Ok(Some(Agreed {
                interval_s,
                refresher
            }))
        );
        story
    }

    /// Goes on to the next thing that is due: after how many milliseconds from the beginning, and what.
    fn next(&mut self) -> Option<(u128, Due)> {
        loop {
            self.now = self.session.poll_timeout()?.max(self.now);
            if let Some(due) = self.session.time_out(self.now) {
                return Some((self.now.duration_since(self.begin).as_millis(), due));
            }
        }
    }

    fn refused(&mut self, refused: Refused, random: u32) {
        self.session.refused(self.now, refused, random);
    }
}

fn said(interval_s: u32, refresher: Refresher) -> Said {
    Said {
        supported: true,
        interval_s: Some(interval_s),
        refresher: Some(refresher),
        updates: Some(true),
    }
}

const UPDATE: Due = Due::Refresh { update: true };
const INVITE: Due = Due::Refresh { update: false };

#[test]
fn a_session_that_they_do_not_refresh_is_given_up_before_it_runs_out() {
    assert_eq!(
        Story::opened(1800, Refresher::Them).next(),
        Some((1_768_000, Due::Over))
    );
    let mut short = Story::opened(90, Refresher::Them);
    assert_eq!(short.next(), Some((60_000, Due::Over)));
    assert_eq!(short.next(), None);
}

#[test]
fn a_refresh_of_theirs_begins_the_interval_anew_or_stops_the_timer() {
    let mut story = Story::opened(90, Refresher::Them);
    story.now += Duration::from_secs(45);
    let again = story.session.asked(story.now, said(90, Refresher::Them));
    assert!(matches!(again, Ok(Some(_))));
    assert_eq!(story.next(), Some((105_000, Due::Over)));

    let mut story = Story::opened(90, Refresher::Them);
    let stopped = story.session.asked(story.now, Said::default());
    assert_eq!(stopped, Ok(None));
    assert_eq!(story.next(), None);
}

#[test]
fn who_refreshes_is_theirs_to_say_and_ours_where_they_do_not_understand_timers() {
    let refresher = |supported, refresher| {
        let said = Said {
            supported,
            interval_s: Some(600),
            refresher,
            updates: None,
        };
        let agreed = Session::new(false).asked(Instant::now(), said);
        agreed.expect("long enough").expect("a timer").refresher
    };
    assert_eq!(refresher(true, None), Refresher::Them);
    assert_eq!(refresher(false, None), Refresher::Us);
    assert_eq!(refresher(true, Some(Refresher::Us)), Refresher::Us);
    assert_eq!(refresher(true, Some(Refresher::Them)), Refresher::Them);
}

#[test]
fn too_short_an_interval_is_refused_and_changes_nothing() {
    let mut story = Story::opened(90, Refresher::Them);
    let brief = story
        .session
        .asked(story.now, said(MIN_S - 1, Refresher::Them));
    assert_eq!(brief, Err(TooBrief));
    assert_eq!(story.next(), Some((60_000, Due::Over)));
}

#[test]
fn we_refresh_at_half_of_the_interval_for_as_long_as_the_call_lasts() {
    let mut story = Story::opened(1800, Refresher::Us);
    for n in 1..=20 {
        assert_eq!(story.next(), Some((n * 900_000, UPDATE)));
        // While it is under way, only the end is awaited.
        let over = story.session.poll_timeout().expect("an end");
        assert_eq!(over.duration_since(story.now), Duration::from_secs(868));
        story.session.granted(story.now, said(1800, Refresher::Us));
    }
}

#[test]
fn a_refresh_that_is_never_answered_ends_the_call() {
    let mut story = Story::opened(90, Refresher::Us);
    assert_eq!(story.next(), Some((45_000, UPDATE)));
    assert_eq!(story.next(), Some((60_000, Due::Over)));
    assert_eq!(story.next(), None);
}

#[test]
fn a_pbx_without_update_is_refreshed_by_invite() {
    let mut story = Story::new(true);
    story.session.granted(
        story.now,
        Said {
            updates: None,
            ..said(1800, Refresher::Us)
        },
    );
    assert_eq!(story.next(), Some((900_000, INVITE)));

    // One that says it takes UPDATE and does not is asked once.
    let mut story = Story::opened(1800, Refresher::Us);
    assert_eq!(story.next(), Some((900_000, UPDATE)));
    story.refused(Refused::NotServed, 0);
    assert_eq!(story.next(), Some((900_000, INVITE)));
    story.refused(Refused::NotServed, 0);
    assert_eq!(story.next(), Some((910_000, INVITE)));
}

#[test]
fn a_refresh_that_is_too_brief_for_them_is_sent_again_with_their_minimum() {
    let mut story = Story::opened(90, Refresher::Us);
    assert_eq!(
        (story.session.wished_s(), story.session.min_s()),
        (90, None)
    );
    assert_eq!(story.next(), Some((45_000, UPDATE)));
    story.refused(Refused::TooBrief { min_s: 300 }, 0);
    assert_eq!(
        (story.session.wished_s(), story.session.min_s()),
        (300, Some(300))
    );
    assert_eq!(story.next(), Some((45_000, UPDATE)));
    // One that says no again without asking for more is not asked in a circle.
    story.refused(Refused::TooBrief { min_s: 300 }, 0);
    assert_eq!(story.next(), Some((55_000, UPDATE)));
    story.session.granted(story.now, said(300, Refresher::Us));
    assert_eq!(story.next(), Some((205_000, UPDATE)));
}

#[test]
fn an_invitation_is_raised_to_their_minimum_once() {
    let mut session = Session::new(true);
    assert_eq!(session.wished_s(), 1800);
    assert!(!session.raised(0));
    assert!(session.raised(7200));
    assert_eq!((session.wished_s(), session.min_s()), (7200, Some(7200)));
    assert!(!session.raised(7200));
}

#[test]
fn after_a_glare_the_owner_of_the_call_waits_longer() {
    for random in [0, 1, 190, 200, 12_345, u32::MAX] {
        for (owner, from, to) in [(true, 2100, 4000), (false, 0, 2000)] {
            let mut story = Story::new(owner);
            story.session.granted(story.now, said(1800, Refresher::Us));
            assert_eq!(story.next(), Some((900_000, UPDATE)));
            story.refused(Refused::Glare, random);
            let (at, due) = story.next().expect("another try");
            assert_eq!(due, UPDATE);
            assert!((900_000 + from..=900_000 + to).contains(&at), "{at}");
        }
    }
}

#[test]
fn a_refusal_is_followed_by_another_try_until_time_is_up() {
    let mut story = Story::opened(90, Refresher::Us);
    assert_eq!(story.next(), Some((45_000, UPDATE)));
    story.refused(Refused::Otherwise { after_s: Some(3) }, 0);
    assert_eq!(story.next(), Some((48_000, UPDATE)));
    story.refused(Refused::Otherwise { after_s: Some(0) }, 0);
    assert_eq!(story.next(), Some((49_000, UPDATE)));
    story.refused(Refused::Otherwise { after_s: None }, 0);
    assert_eq!(story.next(), Some((59_000, UPDATE)));
    story.refused(Refused::Otherwise { after_s: None }, 0);
    assert_eq!(story.next(), Some((60_000, Due::Over)));
}

#[test]
fn a_dialog_that_is_gone_ends_the_call_at_once() {
    let mut story = Story::opened(1800, Refresher::Us);
    assert_eq!(story.next(), Some((900_000, UPDATE)));
    story.refused(Refused::Gone, 0);
    assert_eq!(story.next(), Some((900_000, Due::Over)));
    assert_eq!(story.next(), None);
}

#[test]
fn what_is_granted_without_a_word_on_who_refreshes_is_refreshed_by_us() {
    let mut story = Story::new(true);
    let bare = Said {
        interval_s: Some(20),
        ..Said::default()
    };
    story.session.granted(story.now, bare);
    // Shorter than the standard allows is taken as its minimum.
    assert_eq!(story.next(), Some((45_000, INVITE)));
    story.session.granted(story.now, Said::default());
    assert_eq!(story.next(), None);
}

#[test]
fn whatever_is_said_a_timer_that_runs_ends_in_a_refresh_or_in_the_end() {
    for seed in 1..2_000_u64 {
        let mut state = seed;
        let mut random = || {
            // A small generator of its own, for the walk to be the same every time (Marsaglia's xorshift).
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            u32::try_from(state >> 33).expect("31 bits")
        };
        let mut story = Story::new(random() % 2 == 0);
        let mut refreshed = story.begin;
        let mut under_way = false;
        for _ in 0..200 {
            let said = Said {
                supported: random() % 2 == 0,
                interval_s: (random() % 5 > 0).then(|| 60 + random() % 500),
                refresher: [None, Some(Refresher::Us), Some(Refresher::Them)]
                    [random() as usize % 3],
                updates: [None, Some(true), Some(false)][random() as usize % 3],
            };
            let refused = [
                Refused::TooBrief {
                    min_s: random() % 900,
                },
                Refused::Glare,
                Refused::NotServed,
                Refused::Otherwise {
                    after_s: (random() % 2 == 0).then(|| random() % 1000),
                },
            ][random() as usize % 4];
            match random() % 4 {
                0 if under_way => {
                    story.session.granted(story.now, said);
                    (under_way, refreshed) = (false, story.now);
                }
                1 if under_way => {
                    story.refused(refused, random());
                    under_way = false;
                }
                2 => {
                    if story.session.asked(story.now, said).is_ok() {
                        refreshed = story.now;
                        under_way = false;
                    }
                }
                _ => match story.next() {
                    Some((_, Due::Over)) => {
                        assert_eq!(story.session.poll_timeout(), None);
                        break;
                    }
                    Some((_, Due::Refresh { .. })) => {
                        assert!(!under_way, "two refreshes at a time");
                        under_way = true;
                    }
                    None => assert_eq!(story.session.time_out(story.now), None),
                },
            }
            // No call outlives the longest interval that was agreed in the walk.
            assert!(story.now.duration_since(refreshed) < Duration::from_secs(900));
        }
    }
}
