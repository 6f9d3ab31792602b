//! Voice messages: when they are taken, and what counts as one.

use model::audio::Digit;
use model::call::{Ending, Happening};

use super::{MESSAGE, Story, farewell, voice};
use crate::input::Input;
use crate::output::Output;
use crate::plan::Plan;
use crate::program::Program;

#[test]
fn nobody_signed_in_leads_to_a_voice_message() {
    let mut story = Story::waiting();
    assert_eq!(
        story.after(0, Input::NobodySignedIn),
        [Output::LeaveQueue, Output::OpenSound]
    );
    story.after(0, Input::SoundOpened);
    assert_eq!(
        story.after(0, Input::LegAnswered),
        [
            Output::Record(Happening::VoiceMessageStarted),
            Output::Hear(MESSAGE)
        ]
    );
    story.after(20, voice(9));
    assert_eq!(story.hear_out(MESSAGE), [Output::Hear(Program::Goodbye)]);
    let end = story.hear_out(Program::Goodbye);
    assert_eq!(end[..2], [Output::HangUp, Output::CloseSound]);
    assert_eq!(end[2..], farewell(Ending::VoiceMessageLeft));
}

#[test]
fn outside_hours_the_voice_message_is_asked_for_in_other_words() {
    let mut story = Story::begin(Plan::Operators { open: false });
    story.after(0, Input::NobodySignedIn);
    story.after(0, Input::SoundOpened);
    let said = story.after(0, Input::LegAnswered);
    let program = Program::VoiceMessage { open: false };
    assert_eq!(said.last(), Some(&Output::Hear(program)));
}

#[test]
fn waiting_has_its_limit_and_then_a_voice_message_is_taken() {
    let mut story = Story::queue_answered();
    story.hear_out(Program::QueueWelcome);
    let said = story.pass(180);
    assert!(said.contains(&Output::LeaveQueue));
    assert_eq!(said.last(), Some(&Output::Hear(MESSAGE)));
}

#[test]
fn silence_after_the_tone_is_no_message() {
    let mut story = Story::taking_message();
    story.hear_out(MESSAGE);
    let end = story.hear_out(Program::Goodbye);
    assert_eq!(end[2..], farewell(Ending::VoiceMessageEmpty));
}

#[test]
fn a_message_is_kept_though_the_caller_does_not_wait_for_the_good_bye() {
    let mut story = Story::taking_message();
    story.after(10, voice(1));
    let end = story.after(0, Input::CallerGone);
    assert_eq!(end[1..], farewell(Ending::VoiceMessageLeft));
}

#[test]
fn what_was_said_may_be_known_only_when_the_sound_is_closed() {
    let mut story = Story::taking_message();
    assert_eq!(story.after(10, Input::CallerGone), [Output::CloseSound]);
    assert_eq!(story.after(0, voice(4)), []);
    assert_eq!(
        story.after(0, Input::SoundClosed),
        farewell(Ending::VoiceMessageLeft)
    );
    assert_eq!(story.call.poll_timeout(), None);

    let mut story = Story::taking_message();
    story.after(10, Input::CallerGone);
    assert_eq!(story.pass(5), farewell(Ending::VoiceMessageEmpty));
}

#[test]
fn a_message_is_kept_though_the_server_stops() {
    let mut story = Story::taking_message();
    story.after(10, voice(30));
    let end = story.after(0, Input::Stop);
    assert_eq!(end[..2], [Output::HangUp, Output::CloseSound]);
    assert_eq!(end[2..], farewell(Ending::VoiceMessageLeft));
}

#[test]
fn the_hash_key_ends_the_message_and_other_keys_do_not() {
    let key = |c| Input::Key {
        digit: Digit::from_char(c).expect("a key"),
    };
    let mut story = Story::taking_message();
    assert_eq!(story.after(5, key('5')), []);
    let end = story.after(5, key('#'));
    assert_eq!(end, [Output::HangUp, Output::CloseSound]);
    story.after(0, voice(8));
    let end = story.after(0, Input::SoundClosed);
    assert_eq!(end, farewell(Ending::VoiceMessageLeft));

    let mut story = Story::waiting();
    assert_eq!(story.after(1, key('#')), []);
}

#[test]
fn whoever_does_not_want_to_wait_presses_one_and_speaks() {
    let key = |c| Input::Key {
        digit: Digit::from_char(c).expect("a key"),
    };
    let mut story = Story::queue_answered();
    story.hear_out(Program::QueueWelcome);
    assert_eq!(story.after(5, key('2')), []);
    assert_eq!(
        story.after(1, key('1')),
        [
            Output::LeaveQueue,
            Output::Record(Happening::VoiceMessageStarted),
            Output::Hear(MESSAGE)
        ]
    );
    assert_eq!(story.after(1, key('1')), [], "it is being taken");
    story.after(9, voice(8));
    let end = story.after(0, Input::CallerGone);
    assert_eq!(end[1..], farewell(Ending::VoiceMessageLeft));

    let mut story = Story::waiting();
    assert_eq!(
        story.after(1, key('1')),
        [],
        "while it rings nobody listens"
    );
}
