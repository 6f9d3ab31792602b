//! Operators call somebody back.

use model::call::{Ending, Happening};
use model::transfer::TransferFault;

use super::{Story, does, lost, operator};
use crate::input::{Act, Input};
use crate::output::Output;
use crate::program::Program;

#[test]
fn who_answers_hears_the_operator_and_nobody_rings_before() {
    let mut story = Story::placing();
    assert_eq!(story.after(0, Input::SoundOpened), [Output::Place]);
    assert_eq!(
        story.after(2, Input::CalleeRinging),
        [
            Output::Record(Happening::CalleeRinging),
            Output::Bridge(operator(1))
        ]
    );
    assert_eq!(story.after(1, Input::CalleeRinging), [], "again");
    assert_eq!(
        story.after(5, Input::LegAnswered),
        [
            Output::Unbridge,
            Output::Record(Happening::Answered {
                operator: operator(1)
            }),
            Output::Bridge(operator(1))
        ]
    );
    story.pass(100);
    let held = story.after(1, does(1, Act::Hold(true)));
    assert!(
        held.contains(&Output::Hear(Program::Music)),
        "from here on it is a call like any other"
    );
    story.after(1, Input::CallerGone);
    assert_eq!(story.call.ended(), Some(Ending::CallerHungUp));
}

#[test]
fn an_answer_without_ringing_is_one() {
    let mut story = Story::placing();
    story.after(0, Input::SoundOpened);
    let said = story.after(2, Input::LegAnswered);
    assert_eq!(said.last(), Some(&Output::Bridge(operator(1))));
}

#[test]
fn who_does_not_answer_is_let_alone_after_a_minute() {
    let mut story = Story::placing();
    story.after(0, Input::SoundOpened);
    story.after(1, Input::CalleeRinging);
    let said = story.pass(60);
    assert_eq!(
        said[..3],
        [Output::HangUp, Output::Unbridge, Output::CloseSound]
    );
    assert!(said.contains(&Output::ReleaseOperator {
        operator: operator(1)
    }));
    assert_eq!(story.call.ended(), Some(Ending::CalleeNoAnswer));
}

#[test]
fn why_somebody_is_not_had_is_told_and_nothing_is_hung_up_then() {
    for (fault, ending) in [
        (TransferFault::Busy, Ending::CalleeBusy),
        (TransferFault::NoAnswer, Ending::CalleeNoAnswer),
        (TransferFault::Refused, Ending::CalleeRefused),
        (TransferFault::Failed, Ending::PbxFailed),
    ] {
        let mut story = Story::placing();
        story.after(0, Input::SoundOpened);
        let said = story.after(1, Input::CalleeGone { fault });
        assert!(!said.contains(&Output::HangUp), "{said:?}");
        assert_eq!(story.call.ended(), Some(ending));
    }
}

#[test]
fn the_telephone_stops_ringing_where_the_operator_hangs_up_or_is_lost() {
    for input in [does(1, Act::HangUp), lost(1)] {
        let mut story = Story::placing();
        story.after(0, Input::SoundOpened);
        story.after(1, Input::CalleeRinging);
        assert!(story.after(2, input).contains(&Output::HangUp));
        assert_eq!(story.call.ended(), Some(Ending::OperatorGaveUp));
    }
    let mut story = Story::placing();
    assert_eq!(story.after(0, lost(2)), [], "somebody else");
}

#[test]
fn without_sound_nobody_is_called() {
    let mut story = Story::placing();
    let said = story.after(0, Input::SoundFailed);
    assert!(!said.contains(&Output::Place) && !said.contains(&Output::HangUp));
    assert_eq!(story.call.ended(), Some(Ending::ServerFailed));
}
