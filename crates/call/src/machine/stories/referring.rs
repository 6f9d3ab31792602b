//! Callers whom the PBX itself is to connect with a colleague.

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
            }
        ]
    );
    assert_eq!(story.after(5, Input::Referring { attempt: 1 }), []);
    assert_eq!(story.pass(30), [], "it rings there");
    let said = story.after(0, Input::Referred { attempt: 1 });
    assert_eq!(
        said[..4],
        [
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
    let late = story.after(0, Input::Referred { attempt: 1 });
    assert_eq!(late, [], "too late");
    let said = story.after(1, Input::ColleagueAnswered { attempt: 2 });
    assert!(said.contains(&Output::Couple), "{said:?}");
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
    assert!(matches!(
        said.last(),
        Some(Output::PressCode { attempt: 1, .. })
    ));
    let said = story.after(3, Input::CallerGone);
    assert_eq!(said[0], learnt(TransferWay::Code, true));
    assert!(!said.contains(&Output::HangUp), "the leg is gone already");
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
    let (mut story, _) = referring(TransferFirst::Code);
    let said = story.pass(10);
    assert_eq!(said[0], learnt(TransferWay::Code, false));
    assert!(matches!(said[1], Output::Dial { .. }));
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
