//! Calls told from their arrival to their ending.

use std::time::{Duration, Instant};

use model::audio::Digit;
use model::call::{Ending, Happening};
use model::id::{CallId, UserId};
use uuid::Uuid;

use super::Call;
use crate::input::{Act, Input};
use crate::limits::Limits;
use crate::output::{Output, Refusal};
use crate::plan::Plan;
use crate::program::Program;
use crate::state::State;

const MESSAGE: Program = Program::VoiceMessage { open: true };

/// A call and its simulated clock.
struct Story {
    call: Call,
    now: Instant,
}

impl Story {
    #[expect(
        clippy::disallowed_methods,
        reason = "a simulated clock has to start somewhere"
    )]
    fn begin(plan: Plan) -> Self {
        let now = Instant::now();
        let call = Call::new(now, CallId(Default::default()), plan, Limits::default());
        Self { call, now }
    }

    /// A call for operators that has said its first words.
    fn waiting() -> Self {
        let mut story = Self::begin(Plan::Operators { open: true });
        story.said();
        story
    }

    /// A call whose operator and caller talk.
    fn talking() -> Self {
        let mut story = Self::waiting();
        for input in [accepted(1), Input::SoundOpened, Input::LegAnswered] {
            story.after(2, input);
        }
        story
    }

    /// A call whose caller hears prompts.
    fn queue_answered() -> Self {
        let mut story = Self::waiting();
        story.pass(20);
        story.after(0, Input::SoundOpened);
        story.after(0, Input::LegAnswered);
        story
    }

    /// A call that takes a voice message.
    fn taking_message() -> Self {
        let mut story = Self::queue_answered();
        assert!(
            story
                .after(0, Input::NobodySignedIn)
                .contains(&Output::Hear(MESSAGE))
        );
        story
    }

    fn said(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.call.poll_output()).collect()
    }

    /// Seconds pass with nothing but the call's own timers; then the input.
    fn after(&mut self, seconds: u64, input: Input) -> Vec<Output> {
        let mut said = self.pass(seconds);
        self.call.handle(self.now, input);
        said.extend(self.said());
        said
    }

    fn pass(&mut self, seconds: u64) -> Vec<Output> {
        let until = self.now + Duration::from_secs(seconds);
        let mut said = Vec::new();
        while let Some(at) = self.call.poll_timeout().filter(|at| *at <= until) {
            self.now = at;
            self.call.handle(at, Input::TimePassed);
            said.extend(self.said());
        }
        self.now = until;
        said
    }

    fn hear_out(&mut self, program: Program) -> Vec<Output> {
        self.after(3, Input::Heard { program })
    }
}

fn operator(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn accepted(n: u128) -> Input {
    Input::Accepted {
        operator: operator(n),
    }
}

fn lost(n: u128) -> Input {
    Input::OperatorLost {
        operator: operator(n),
    }
}

fn does(n: u128, act: Act) -> Input {
    Input::Operator {
        operator: operator(n),
        act,
    }
}

fn voice(seconds: u64) -> Input {
    Input::Voice {
        heard: Duration::from_secs(seconds),
    }
}

/// The last words of a call that ends so.
fn farewell(ending: Ending) -> [Output; 2] {
    [
        Output::Record(Happening::Ended { ending }),
        Output::Ended(ending),
    ]
}

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
fn the_operator_holds_mutes_dials_and_hangs_up() {
    let mut story = Story::talking();
    assert_eq!(
        story.after(1, does(1, Act::Hold(true))),
        [
            Output::Record(Happening::Held),
            Output::Unbridge,
            Output::Hear(Program::Music)
        ]
    );
    assert_eq!(story.after(1, does(1, Act::Hold(true))), []);
    assert_eq!(
        story.after(1, does(1, Act::Hold(false))),
        [
            Output::Record(Happening::Resumed),
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
    let back = Input::OperatorBack {
        operator: operator(1),
    };
    assert_eq!(
        story.after(7, back),
        [
            Output::Record(Happening::OperatorBack {
                operator: operator(1)
            }),
            Output::Bridge(operator(1)),
        ]
    );
    story.after(1, does(1, Act::Hold(true)));
    story.after(1, lost(1));
    let said = story.after(1, back);
    assert_eq!(said.last(), Some(&Output::Hear(Program::Music)));
    assert_eq!(story.pass(60), []);
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
    let back = Input::OperatorBack {
        operator: operator(1),
    };
    assert_eq!(story.after(1, back), []);
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
    let back = Input::OperatorBack {
        operator: operator(1),
    };
    assert_eq!(
        story.after(0, back).last(),
        Some(&Output::Bridge(operator(1)))
    );
}

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
