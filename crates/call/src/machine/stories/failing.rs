//! What breaks, or comes too late.

use model::call::Ending;

use super::{Story, accepted, farewell, operator};
use crate::input::Input;
use crate::output::{Output, Refusal};
use crate::program::Program;
use crate::state::State;

#[test]
fn no_sound_to_be_had_is_this_sides_failure() {
    let mut story = Story::waiting();
    story.after(1, accepted(1));
    let end = story.after(0, Input::SoundFailed);
    assert_eq!(
        end[..2],
        [
            Output::Refuse(Refusal::ServerError),
            Output::ReleaseOperator {
                operator: operator(1)
            }
        ]
    );
    assert_eq!(end[2..], farewell(Ending::ServerFailed));
}

#[test]
fn an_answer_that_is_never_confirmed_fails_the_call() {
    let mut story = Story::waiting();
    story.after(1, accepted(1));
    story.after(0, Input::SoundOpened);
    let end = story.pass(40);
    assert_eq!(end[..2], [Output::HangUp, Output::CloseSound]);
    assert_eq!(story.call.ended(), Some(Ending::PbxFailed));
}

#[test]
fn a_broken_leg_silence_a_stop_and_the_longest_time_end_a_conversation() {
    for (input, ending) in [
        (Input::LegFailed, Ending::PbxFailed),
        (Input::SoundSilent, Ending::SoundLost),
        (Input::Stop, Ending::ServerStopped),
    ] {
        let mut story = Story::talking();
        let end = story.after(1, input);
        assert_eq!(end[end.len() - 2..], farewell(ending));
        let released = Output::ReleaseOperator {
            operator: operator(1),
        };
        assert!(end.contains(&released) && end.contains(&Output::CloseSound));
    }
    let mut story = Story::talking();
    story.pass(2 * 60 * 60);
    assert_eq!(story.call.ended(), Some(Ending::TooLong));
}

#[test]
fn an_operator_who_comes_too_late_is_let_go() {
    let mut story = Story::taking_message();
    assert_eq!(
        story.after(1, accepted(1)),
        [Output::ReleaseOperator {
            operator: operator(1)
        }]
    );
}

#[test]
fn the_end_of_a_replaced_program_means_nothing() {
    let mut story = Story::taking_message();
    assert_eq!(story.hear_out(Program::QueueWelcome), []);
    assert!(matches!(story.call.state(), State::VoiceMessage { .. }));
}

#[test]
fn a_program_whose_end_nobody_reports_ends_all_the_same() {
    let mut story = Story::taking_message();
    assert_eq!(story.pass(180), [Output::Hear(Program::Goodbye)]);
    let end = story.pass(60);
    assert_eq!(end[2..], farewell(Ending::VoiceMessageEmpty));
}
