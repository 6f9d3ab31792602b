//! Callers whom the PBX itself is to connect with a colleague.

use std::time::Duration;

use model::call::{Ending, Happening};
use model::transfer::{TransferFault, TransferFirst, TransferSettings, TransferWay, Ways};

use super::consulting::ivan;
use super::{Story, does, lost, operator};
use crate::input::{Act, Input};
use crate::output::Output;
use crate::program::Program;
use crate::state::State;

fn ways(first: TransferFirst) -> Ways {
    let settings = TransferSettings {
        first,
        code: "##{number}".into(),
    };
    Ways::of(&settings, &[], Default::default())
}

fn referring(first: TransferFirst) -> (Story, Vec<Output>) {
    let mut story = Story::talking();
    let said = story.after(1, does(1, Act::Transfer(ivan(), ways(first))));
    (story, said)
}

fn learnt(way: TransferWay, works: bool) -> Output {
    Output::Learnt { way, works }
}

/// The code's keys, which take two seconds.
fn pressing(attempt: u32) -> Input {
    let takes = Duration::from_secs(2);
    Input::CodePressing { attempt, takes }
}

fn failed(attempt: u32, fault: TransferFault) -> Input {
    Input::ReferFailed { attempt, fault }
}

#[test]
fn the_pbx_connects_the_caller_and_both_are_free_of_us() {
    let (mut story, said) = referring(TransferFirst::Pbx);
    let colleague = ivan();
    assert_eq!(
        said[1..],
        [
            Output::Unbridge,
            Output::Hear(Program::Transfer),
            Output::Refer {
                colleague,
                attempt: 1
            },
            Output::Attend(operator(1)),
        ]
    );
    assert_eq!(story.after(5, Input::Referring { attempt: 1 }), []);
    assert_eq!(story.pass(30), [], "it rings there");
    let said = story.after(0, Input::Referred { attempt: 1 });
    assert_eq!(
        said[..5],
        [
            Output::Unbridge,
            learnt(TransferWay::Refer, true),
            Output::Record(Happening::Transferred { colleague }),
            Output::ReleaseOperator {
                operator: operator(1)
            },
            Output::HangUp,
        ]
    );
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
}

#[test]
fn a_202_and_silence_is_a_failure_and_the_next_way_is_taken() {
    let (mut story, _) = referring(TransferFirst::Pbx);
    let colleague = ivan();
    assert_eq!(
        story.pass(10),
        [
            learnt(TransferWay::Refer, false),
            Output::Dial {
                colleague,
                attempt: 2
            }
        ]
    );
    let said = story.after(1, Input::ColleagueAnswered { attempt: 2 });
    assert!(said.contains(&Output::Couple), "{said:?}");
}

#[test]
fn a_pbx_that_connects_them_late_has_the_caller_whatever_was_begun_meanwhile() {
    let given_up = || {
        let (mut story, _) = referring(TransferFirst::Pbx);
        story.pass(10);
        story
    };
    let taken_back = || {
        let (mut story, _) = referring(TransferFirst::Pbx);
        story.after(1, does(1, Act::TakeBack));
        story
    };
    let lost_then = || {
        let mut story = taken_back();
        story.after(1, lost(1));
        story
    };
    for (mut story, rings) in [
        (given_up(), true),
        (taken_back(), false),
        (lost_then(), false),
    ] {
        let stranger = story.after(1, Input::Referred { attempt: 7 });
        assert_eq!(stranger, []);
        let colleague = ivan();
        let said = story.after(1, Input::Referred { attempt: 1 });
        assert!(said.contains(&learnt(TransferWay::Refer, true)), "{said:?}");
        let transferred = Output::Record(Happening::Transferred { colleague });
        assert!(said.contains(&transferred), "{said:?}");
        assert!(said.contains(&Output::HangUp), "{said:?}");
        assert_eq!(said.contains(&Output::HangUpColleague), rings);
        assert_eq!(story.call.ended(), Some(Ending::Transferred));
    }
}

#[test]
fn a_refusal_leads_on_and_a_busy_colleague_back() {
    let (mut story, _) = referring(TransferFirst::Pbx);
    let said = story.after(1, failed(1, TransferFault::Refused));
    assert!(matches!(said.last(), Some(Output::Dial { attempt: 2, .. })));
    let (mut story, _) = referring(TransferFirst::Pbx);
    let colleague = ivan();
    let fault = TransferFault::Busy;
    assert_eq!(
        story.after(1, failed(1, fault)),
        [
            Output::Record(Happening::TransferFailed { colleague, fault }),
            Output::Unbridge,
            Output::Bridge(operator(1))
        ]
    );
}

#[test]
fn where_the_second_call_is_refused_the_pbx_is_asked_and_then_the_operator_has_the_caller() {
    let (mut story, _) = referring(TransferFirst::Bridge);
    let gone = Input::ColleagueGone {
        attempt: 1,
        fault: TransferFault::Refused,
        barred: true,
    };
    let said = story.after(1, gone);
    assert_eq!(said[0], learnt(TransferWay::Bridge, false));
    assert!(
        matches!(said[1], Output::Refer { attempt: 2, .. }),
        "{said:?}"
    );
    let said = story.after(1, failed(2, TransferFault::Failed));
    assert_eq!(said[0], learnt(TransferWay::Refer, false));
    assert_eq!(said.last(), Some(&Output::Bridge(operator(1))));
    assert!(matches!(story.call.state(), State::Talking(c) if !c.held));
}

#[test]
fn a_code_has_worked_once_the_pbx_takes_the_caller_away() {
    let (mut story, said) = referring(TransferFirst::Code);
    assert!(matches!(said[3], Output::PressCode { attempt: 1, .. }));
    assert_eq!(story.after(0, pressing(1)), []);
    let said = story.after(2, Input::CallerGone);
    assert!(said.contains(&learnt(TransferWay::Code, true)), "{said:?}");
    assert!(!said.contains(&Output::HangUp), "the leg is gone already");
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
    let (mut story, _) = referring(TransferFirst::Code);
    story.after(0, pressing(1));
    assert_eq!(story.pass(11), [], "the last key is the one that counts");
    let said = story.pass(1);
    assert_eq!(said[0], learnt(TransferWay::Code, false));
    assert!(matches!(said[1], Output::Dial { .. }));
}

#[test]
fn a_caller_who_leaves_before_the_last_key_has_hung_up() {
    for begun in [true, false] {
        let (mut story, _) = referring(TransferFirst::Code);
        if begun {
            story.after(0, pressing(1));
        }
        let said = story.after(1, Input::CallerGone);
        assert!(!said.contains(&learnt(TransferWay::Code, true)), "{said:?}");
        assert_eq!(story.call.ended(), Some(Ending::CallerHungUp));
    }
}

#[test]
fn a_caller_who_hangs_up_while_the_pbx_is_asked_is_not_transferred() {
    let (mut story, _) = referring(TransferFirst::Pbx);
    story.after(1, Input::CallerGone);
    assert_eq!(story.call.ended(), Some(Ending::CallerHungUp));
}

#[test]
fn the_operator_takes_the_caller_back_or_is_lost_meanwhile() {
    let (mut story, _) = referring(TransferFirst::Pbx);
    let said = story.after(1, does(1, Act::TakeBack));
    assert_eq!(said.last(), Some(&Output::Bridge(operator(1))));
    assert_eq!(story.after(1, failed(1, TransferFault::Failed)), []);
    let (mut story, _) = referring(TransferFirst::Pbx);
    assert_eq!(story.after(1, lost(1)), [], "nobody hears the operator now");
    story.after(1, Input::Referred { attempt: 1 });
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
}

#[test]
fn two_who_talk_are_taken_over_by_the_pbx_or_go_on_through_us() {
    let consulted = || {
        let mut story = Story::talking();
        story.after(1, does(1, Act::Consult(ivan())));
        story.after(1, Input::ColleagueAnswered { attempt: 1 });
        let said = story.after(1, does(1, Act::HandOver { replace: true }));
        assert_eq!(said.last(), Some(&Output::Replace { attempt: 1 }));
        assert!(said.contains(&Output::Couple), "they talk at once");
        story
    };
    let mut story = consulted();
    let said = story.after(1, Input::Referred { attempt: 1 });
    assert_eq!(said[0], learnt(TransferWay::Replace, true));
    assert!(said.contains(&Output::HangUp) && said.contains(&Output::HangUpColleague));
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
    let mut story = consulted();
    assert_eq!(story.pass(60), [learnt(TransferWay::Replace, false)]);
    assert!(matches!(story.call.state(), State::Transferred(_)));
    assert_eq!(
        story.after(1, Input::Referred { attempt: 1 }),
        [],
        "too late"
    );
}
