//! How a call begins: sound check, beeps, ringing, prompts, the first operator.

use model::call::{Ending, Happening};

use super::{Story, accepted, farewell, lost, operator};
use crate::input::Input;
use crate::output::{Output, Refusal};
use crate::plan::Plan;
use crate::program::Program;

#[test]
fn a_line_that_is_not_connected_answers_at_once_and_checks_the_sound() {
    let mut story = Story::begin(Plan::LineCheck);
    assert_eq!(
        story.said(),
        [Output::Record(Happening::Arrived), Output::OpenSound]
    );
    assert_eq!(story.after(0, Input::SoundOpened), [Output::Answer]);
    assert_eq!(
        story.after(0, Input::LegAnswered),
        [
            Output::Record(Happening::LineCheckStarted),
            Output::Hear(Program::LineCheck)
        ]
    );
    let end = story.hear_out(Program::LineCheck);
    assert_eq!(end[..2], [Output::HangUp, Output::CloseSound]);
    assert_eq!(end[2..], farewell(Ending::LineCheckDone));
    assert_eq!(story.call.poll_timeout(), None);
}

#[test]
fn whoever_leaves_the_sound_check_early_has_left_it() {
    let mut story = Story::begin(Plan::LineCheck);
    story.after(0, Input::SoundOpened);
    story.after(0, Input::LegAnswered);
    let end = story.after(1, Input::CallerGone);
    assert_eq!(end[0], Output::CloseSound);
    assert_eq!(end[1..], farewell(Ending::LineCheckLeft));
}

#[test]
fn a_blocked_caller_hears_beeps() {
    let mut story = Story::begin(Plan::Blocked);
    let said = story.said();
    assert_eq!(said[1], Output::Refuse(Refusal::Busy));
    assert_eq!(said[2..], farewell(Ending::Blocked));
}

#[test]
fn outside_hours_the_caller_hears_beeps() {
    let mut story = Story::begin(Plan::Busy);
    let said = story.said();
    assert_eq!(said[1], Output::Refuse(Refusal::Busy));
    assert_eq!(said[2..], farewell(Ending::OutsideHours));
    assert_eq!(story.call.poll_timeout(), None);
}

#[test]
fn an_operator_accepts_while_it_rings() {
    let mut story = Story::begin(Plan::Operators { open: true });
    assert_eq!(
        story.said(),
        [
            Output::Record(Happening::Arrived),
            Output::Ring,
            Output::Enqueue { front: false }
        ]
    );
    assert_eq!(story.after(5, accepted(1)), [Output::OpenSound]);
    assert_eq!(story.after(0, Input::SoundOpened), [Output::Answer]);
    assert_eq!(
        story.after(0, Input::LegAnswered),
        [
            Output::Record(Happening::Answered {
                operator: operator(1)
            }),
            Output::Bridge(operator(1)),
        ]
    );
    let end = story.after(60, Input::CallerGone);
    assert_eq!(
        end[..3],
        [
            Output::Unbridge,
            Output::CloseSound,
            Output::ReleaseOperator {
                operator: operator(1)
            }
        ]
    );
    assert_eq!(end[3..], farewell(Ending::CallerHungUp));
}

#[test]
fn prompts_answer_after_twenty_seconds_and_the_place_in_the_queue_stays() {
    let mut story = Story::waiting();
    assert_eq!(story.pass(19), []);
    assert_eq!(story.pass(1), [Output::OpenSound]);
    assert_eq!(story.after(0, Input::SoundOpened), [Output::Answer]);
    assert_eq!(
        story.after(0, Input::LegAnswered),
        [
            Output::Record(Happening::QueueAnswered),
            Output::Hear(Program::QueueWelcome)
        ]
    );
    assert_eq!(
        story.hear_out(Program::QueueWelcome),
        [Output::Hear(Program::Music)]
    );
    assert_eq!(story.pass(30), [Output::Hear(Program::Reassurance)]);
    assert_eq!(
        story.hear_out(Program::Reassurance),
        [Output::Hear(Program::Music)]
    );
    assert_eq!(
        story.after(1, accepted(1)),
        [
            Output::Record(Happening::Answered {
                operator: operator(1)
            }),
            Output::Bridge(operator(1))
        ]
    );
}

#[test]
fn an_operator_may_accept_while_prompts_are_answering() {
    let mut story = Story::waiting();
    story.pass(20);
    assert_eq!(story.after(0, accepted(1)), []);
    story.after(0, Input::SoundOpened);
    let said = story.after(0, Input::LegAnswered);
    assert_eq!(said.last(), Some(&Output::Bridge(operator(1))));
}

#[test]
fn the_caller_gives_up_at_every_moment() {
    let end = |mut story: Story| {
        let said = story.after(1, Input::CallerGone);
        assert!(!said.contains(&Output::HangUp), "it is gone already");
        story.after(10, Input::SoundClosed);
        story.call.ended()
    };
    assert_eq!(end(Story::waiting()), Some(Ending::CallerGaveUpRinging));

    let mut connecting = Story::waiting();
    connecting.after(1, accepted(1));
    assert_eq!(end(connecting), Some(Ending::CallerGaveUpRinging));

    assert_eq!(
        end(Story::queue_answered()),
        Some(Ending::CallerGaveUpQueued)
    );

    let mut dropped = Story::talking();
    dropped.after(1, lost(1));
    assert_eq!(end(dropped), Some(Ending::CallerGaveUpDropped));

    let mut requeued = Story::talking();
    requeued.after(1, lost(1));
    requeued.pass(9);
    assert_eq!(end(requeued), Some(Ending::CallerGaveUpDropped));

    assert_eq!(end(Story::talking()), Some(Ending::CallerHungUp));
    assert_eq!(
        end(Story::taking_message()),
        Some(Ending::VoiceMessageEmpty)
    );
}

#[test]
fn offers_stand_in_the_timeline_and_nothing_is_said_after_the_end() {
    let mut story = Story::waiting();
    let operator = operator(1);
    assert_eq!(
        story.after(0, Input::Offered { operator }),
        [Output::Record(Happening::Offered { operator })]
    );
    assert_eq!(
        story.after(15, Input::OfferMissed { operator }),
        [Output::Record(Happening::OfferMissed { operator })]
    );
    story.after(1, Input::CallerGone);
    for late in [
        accepted(1),
        Input::CallerGone,
        Input::SoundOpened,
        Input::Stop,
    ] {
        assert_eq!(story.after(1, late), []);
    }
}
