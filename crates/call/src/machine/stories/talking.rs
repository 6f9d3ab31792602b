//! Operator and caller, and what happens when the operator is lost.

use model::audio::Digit;
use model::call::{Ending, Happening};

use super::{MESSAGE, Story, accepted, back, does, lost, operator, stalled};
use crate::input::{Act, Input};
use crate::output::Output;
use crate::program::Program;

#[test]
fn the_operator_holds_mutes_dials_and_hangs_up() {
    let mut story = Story::talking();
    assert_eq!(
        story.after(1, does(1, Act::Hold(true))),
        [
            Output::Record(Happening::Held),
            Output::Unbridge,
            Output::Hear(Program::Music),
            Output::Attend(operator(1)),
        ]
    );
    assert_eq!(story.after(1, does(1, Act::Hold(true))), []);
    assert_eq!(
        story.after(1, does(1, Act::Hold(false))),
        [
            Output::Record(Happening::Resumed),
            Output::Unbridge,
            Output::Bridge(operator(1))
        ]
    );
    assert_eq!(
        story.after(1, does(1, Act::Mute(true))),
        [Output::Mute(true)]
    );
    let five = Digit::from_char('5').expect("a key");
    assert_eq!(
        story.after(1, does(1, Act::Digit(five))),
        [Output::SendDigit(five)]
    );
    assert_eq!(story.after(1, does(2, Act::HangUp)), [], "a stranger");
    let end = story.after(1, does(1, Act::HangUp));
    assert_eq!(end[..2], [Output::HangUp, Output::Unbridge]);
    assert_eq!(story.call.ended(), Some(Ending::OperatorHungUp));
}

#[test]
fn a_lost_operator_may_come_back_and_the_hold_is_kept() {
    let mut story = Story::talking();
    assert_eq!(
        story.after(1, lost(1)),
        [
            Output::Unbridge,
            Output::Hear(Program::Music),
            Output::Record(Happening::OperatorLost {
                operator: operator(1)
            }),
        ]
    );
    assert_eq!(
        story.after(7, back(1)),
        [
            Output::Record(Happening::OperatorBack {
                operator: operator(1)
            }),
            Output::Bridge(operator(1)),
        ]
    );
    story.after(1, does(1, Act::Hold(true)));
    story.after(1, lost(1));
    let said = story.after(1, back(1));
    assert_eq!(
        said[1..],
        [Output::Hear(Program::Music), Output::Attend(operator(1))]
    );
    assert_eq!(story.pass(60), []);
}

#[test]
fn a_stalled_operator_leaves_music_and_is_heard_again_at_once() {
    let mut story = Story::talking();
    let said = story.after(1, stalled(1));
    assert_eq!(said[..2], [Output::Unbridge, Output::Hear(Program::Music)]);
    let said = story.after(3, back(1));
    assert_eq!(said.last(), Some(&Output::Bridge(operator(1))));

    story.after(1, stalled(1));
    assert_eq!(story.after(4, lost(1)), [], "it is certain now");
    let said = story.pass(4);
    assert_eq!(said.last(), Some(&Output::Enqueue { front: true }));
}

#[test]
fn a_stalled_operator_keeps_a_hold_and_a_colleague() {
    let mut story = Story::talking();
    assert_eq!(story.after(1, stalled(2)), [], "a stranger");
    story.after(1, does(1, Act::Hold(true)));
    assert_eq!(story.after(1, stalled(1)), []);
    assert_eq!(story.after(1, back(1)), []);
    let mut story = super::consulting::consulting();
    assert_eq!(story.after(1, stalled(2)), [], "a stranger");
    let soothed = |on| [Output::SootheColleague(on)];
    assert_eq!(story.after(1, stalled(1)), soothed(true));
    assert_eq!(story.after(1, back(1)), soothed(false));
    story.after(1, does(1, Act::Together(true)));
    assert_eq!(story.after(1, stalled(1)), [], "the two hear each other");
    assert_eq!(story.after(1, back(1)), []);
}

#[test]
fn a_lost_operator_is_replaced_from_the_front_of_the_queue() {
    let mut story = Story::talking();
    story.after(1, does(1, Act::Mute(true)));
    story.after(1, lost(1));
    assert_eq!(
        story.pass(8),
        [
            Output::Mute(false),
            Output::ReleaseOperator {
                operator: operator(1)
            },
            Output::Enqueue { front: true },
        ]
    );
    let said = story.after(3, accepted(2));
    assert_eq!(said.last(), Some(&Output::Bridge(operator(2))));
    assert_eq!(story.after(1, back(1)), []);
}

#[test]
fn nobody_takes_over_a_dropped_call_so_a_voice_message_is_taken() {
    let mut story = Story::talking();
    story.after(1, lost(1));
    story.pass(8);
    let said = story.pass(180);
    assert!(said.contains(&Output::Hear(Program::Reassurance)));
    assert_eq!(said.last(), Some(&Output::Hear(MESSAGE)));
}

#[test]
fn an_operator_lost_while_the_leg_is_answered_leaves_music() {
    let mut story = Story::waiting();
    story.after(1, accepted(1));
    story.after(0, lost(1));
    story.after(0, Input::SoundOpened);
    assert_eq!(
        story.after(0, Input::LegAnswered),
        [Output::Hear(Program::Music)]
    );
    assert_eq!(
        story.after(0, back(1)).last(),
        Some(&Output::Bridge(operator(1)))
    );
}
