//! A colleague is asked, joins, takes the caller over, or can't be had.

use model::call::{Ending, Happening};
use model::id::{EmployeeId, UserId};
use model::line::Recipient;
use model::transfer::{Colleague, Dialled, TransferFault, TransferWay, Ways};
use uuid::Uuid;

use super::{Story, does, farewell, lost, operator};
use crate::input::{Act, Input};
use crate::output::Output;
use crate::program::Program;
use crate::state::State;

const OPERATOR: Output = Output::ReleaseOperator {
    operator: UserId(Uuid::from_u128(1)),
};

const HAND_OVER: Act = Act::HandOver { replace: false };

pub(super) fn ivan() -> Colleague {
    Colleague {
        recipient: Recipient::Employee {
            employee: EmployeeId(Default::default()),
        },
        dialled: Dialled::Extension,
    }
}

fn dials(attempt: u32) -> Output {
    let colleague = ivan();
    Output::Dial { colleague, attempt }
}

fn gone(attempt: u32, fault: TransferFault) -> Input {
    let barred = false;
    Input::ColleagueGone {
        attempt,
        fault,
        barred,
    }
}

fn failed(fault: TransferFault) -> Output {
    let colleague = ivan();
    Output::Record(Happening::TransferFailed { colleague, fault })
}

/// Operator and colleague talk, the caller hears music.
pub(super) fn consulting() -> Story {
    let mut story = Story::talking();
    story.after(1, does(1, Act::Consult(ivan())));
    story.after(2, Input::ColleagueRinging { attempt: 1 });
    story.after(2, Input::ColleagueAnswered { attempt: 1 });
    story
}

#[test]
fn a_colleague_is_asked_first_and_takes_the_caller() {
    let mut story = Story::talking();
    assert_eq!(
        story.after(1, does(1, Act::Consult(ivan()))),
        [
            Output::Record(Happening::TransferBegun {
                operator: operator(1),
                colleague: ivan(),
                blind: false
            }),
            Output::Unbridge,
            Output::Hear(Program::Music),
            dials(1),
            Output::Consult(operator(1)),
        ]
    );
    let colleague = ivan();
    assert_eq!(
        story.after(1, Input::ColleagueRinging { attempt: 1 }),
        [Output::Record(Happening::TransferRinging { colleague })]
    );
    assert_eq!(
        story.after(1, Input::ColleagueAnswered { attempt: 1 }),
        [Output::Record(Happening::TransferAnswered { colleague })]
    );
    assert_eq!(story.pass(300), [], "they may talk as long as they like");
    assert_eq!(
        story.after(0, does(1, HAND_OVER)),
        [
            Output::Unbridge,
            Output::Couple,
            Output::Record(Happening::Transferred { colleague }),
            OPERATOR,
        ]
    );
    assert_eq!(
        story.after(5, does(1, Act::HangUp)),
        [],
        "not theirs any more"
    );
    let end = story.after(60, gone(1, TransferFault::Failed));
    assert_eq!(
        end[..3],
        [Output::HangUp, Output::Unbridge, Output::CloseSound],
        "the colleague's leg is gone already"
    );
    assert_eq!(end[3..], farewell(Ending::Transferred));
}

#[test]
fn a_caller_who_hangs_up_ends_both_legs_at_any_stage() {
    for stage in 0..3 {
        let mut story = Story::talking();
        story.after(1, does(1, Act::Consult(ivan())));
        if stage > 0 {
            story.after(1, Input::ColleagueRinging { attempt: 1 });
        }
        if stage > 1 {
            story.after(1, Input::ColleagueAnswered { attempt: 1 });
        }
        let end = story.after(1, Input::CallerGone);
        assert_eq!(
            end[..4],
            [
                Output::Unbridge,
                Output::HangUpColleague,
                Output::CloseSound,
                OPERATOR
            ]
        );
        assert_eq!(end[4..], farewell(Ending::CallerHungUp));
    }
    let mut story = consulting();
    story.after(1, does(1, HAND_OVER));
    let end = story.after(1, Input::CallerGone);
    assert!(end.contains(&Output::HangUpColleague), "{end:?}");
    assert_eq!(story.call.ended(), Some(Ending::Transferred));
}

#[test]
fn a_colleague_who_does_not_answer_leaves_the_caller_on_hold() {
    let mut story = Story::talking();
    story.after(1, does(1, Act::Consult(ivan())));
    story.after(1, Input::ColleagueRinging { attempt: 1 });
    assert_eq!(
        story.pass(40),
        [
            Output::HangUpColleague,
            failed(TransferFault::NoAnswer),
            Output::Unbridge,
            Output::Attend(operator(1)),
        ]
    );
    assert!(matches!(story.call.state(), State::Talking(c) if c.held));
    let late = story.after(0, Input::ColleagueAnswered { attempt: 1 });
    assert_eq!(late, [], "too late");
    let again = story.after(1, does(1, Act::Consult(ivan())));
    assert_eq!(
        again[1..],
        [Output::Unbridge, dials(2), Output::Consult(operator(1))]
    );
    let of_the_first = story.after(0, gone(1, TransferFault::Busy));
    assert_eq!(of_the_first, []);
    assert_eq!(
        story.after(1, gone(2, TransferFault::Busy)),
        [
            failed(TransferFault::Busy),
            Output::Unbridge,
            Output::Attend(operator(1))
        ]
    );
    let back = story.after(1, does(1, Act::Hold(false)));
    assert_eq!(back.last(), Some(&Output::Bridge(operator(1))));
}

#[test]
fn a_pbx_that_lets_the_line_call_nobody_is_remembered_after_a_consultation_too() {
    let bridge_fails = Output::Learnt {
        way: TransferWay::Bridge,
        works: false,
    };
    for barred in [true, false] {
        let mut story = Story::talking();
        story.after(1, does(1, Act::Consult(ivan())));
        let said = story.after(
            1,
            Input::ColleagueGone {
                attempt: 1,
                fault: TransferFault::Refused,
                barred,
            },
        );
        assert_eq!(said.contains(&bridge_fails), barred);
        assert!(said.contains(&failed(TransferFault::Refused)), "{said:?}");
    }
}

#[test]
fn a_blind_transfer_happens_at_the_answer_and_comes_back_without_one() {
    let mut story = Story::talking();
    let said = story.after(1, does(1, Act::Transfer(ivan(), Ways::BRIDGE)));
    assert_eq!(
        said[1..],
        [
            Output::Unbridge,
            Output::Hear(Program::Transfer),
            dials(1),
            Output::Attend(operator(1)),
        ]
    );
    assert_eq!(
        story.after(3, gone(1, TransferFault::Busy)),
        [
            failed(TransferFault::Busy),
            Output::Unbridge,
            Output::Bridge(operator(1))
        ]
    );
    story.after(1, does(1, Act::Mute(true)));
    story.after(1, does(1, Act::Transfer(ivan(), Ways::BRIDGE)));
    let said = story.after(3, Input::ColleagueAnswered { attempt: 2 });
    assert_eq!(
        said[1..4],
        [Output::Unbridge, Output::Mute(false), Output::Couple],
        "the operator's mute is not the colleague's"
    );
    assert_eq!(said.last(), Some(&OPERATOR));
}

#[test]
fn connecting_before_the_answer_makes_the_transfer_blind() {
    let mut story = Story::talking();
    story.after(1, does(1, Act::Consult(ivan())));
    assert_eq!(
        story.after(1, does(1, HAND_OVER)),
        [Output::Unbridge, Output::Attend(operator(1))]
    );
    let said = story.after(1, Input::ColleagueAnswered { attempt: 1 });
    assert!(said.contains(&Output::Couple), "{said:?}");
}

#[test]
fn the_operator_takes_the_call_back() {
    for answered in [true, false] {
        let mut story = Story::talking();
        story.after(1, does(1, Act::Consult(ivan())));
        if answered {
            story.after(2, Input::ColleagueAnswered { attempt: 1 });
        }
        assert_eq!(
            story.after(1, does(1, Act::TakeBack)),
            [
                Output::Unbridge,
                Output::HangUpColleague,
                Output::Record(Happening::TakenBack {
                    operator: operator(1)
                }),
                Output::Bridge(operator(1)),
            ]
        );
        assert_eq!(story.pass(60), [], "no timer is left");
    }
}

#[test]
fn all_three_talk_and_whoever_leaves_leaves_two() {
    let mut story = consulting();
    let colleague = ivan();
    assert_eq!(
        story.after(1, does(1, Act::Together(true))),
        [
            Output::Unbridge,
            Output::Gather(operator(1)),
            Output::Record(Happening::TalkingTogether { colleague }),
        ]
    );
    assert_eq!(
        story.after(1, does(1, Act::Together(false))),
        [
            Output::Unbridge,
            Output::Hear(Program::Music),
            Output::Consult(operator(1))
        ]
    );
    story.after(1, does(1, Act::Together(true)));
    assert_eq!(
        story.after(1, gone(1, TransferFault::Failed)),
        [
            failed(TransferFault::Left),
            Output::Unbridge,
            Output::Bridge(operator(1))
        ]
    );
    let mut story = consulting();
    story.after(1, does(1, Act::Together(true)));
    let said = story.after(1, does(1, HAND_OVER));
    assert_eq!(said[..2], [Output::Unbridge, Output::Couple]);
}

#[test]
fn an_operator_lost_in_a_consultation_leaves_the_caller_with_music_and_no_stranger() {
    let mut story = consulting();
    assert_eq!(
        story.after(1, lost(1)),
        [
            Output::Unbridge,
            Output::HangUpColleague,
            Output::Record(Happening::OperatorLost {
                operator: operator(1)
            }),
        ]
    );
    assert_eq!(
        story.pass(8),
        [OPERATOR, Output::Enqueue { front: true }],
        "another operator takes over"
    );
}

#[test]
fn only_who_is_at_the_call_hands_it_over() {
    let mut story = consulting();
    for act in [HAND_OVER, Act::TakeBack, Act::Together(true)] {
        assert_eq!(story.after(1, does(2, act)), []);
    }
    assert_eq!(
        story.after(1, does(1, Act::Consult(ivan()))),
        [],
        "one at a time"
    );
    let mut story = Story::waiting();
    assert_eq!(story.after(1, does(1, Act::Consult(ivan()))), []);
}
