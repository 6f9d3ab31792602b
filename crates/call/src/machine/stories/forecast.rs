//! What is told ahead is what calls then do.

use std::time::Duration;

use super::{Story, accepted};
use crate::forecast::{Desks, Scene, Stage, forecast};
use crate::input::Input;
use crate::limits::Limits;
use crate::output::{Output, Refusal};
use crate::plan::Plan;
use crate::program::Program;

/// What prompts take to be spoken in these stories, in seconds.
const SPOKEN: u64 = 4;

fn told(story: &Story, plan: Plan, desks: Desks) -> Vec<Stage> {
    forecast(story.now, plan, Limits::default(), desks)
}

fn scenes(stages: &[Stage]) -> Vec<Scene> {
    stages.iter().map(|stage| stage.scene).collect()
}

/// What a caller meets in a call whose prompts take their time.
fn lived(story: &mut Story, desks: Desks) -> Vec<Stage> {
    let began = story.now;
    let mut stages = Vec::new();
    let mut said = story.said();
    if desks == Desks::Nobody {
        said.extend(story.after(0, Input::NobodySignedIn));
    }
    if desks == Desks::Free {
        said.extend(story.after(0, accepted(1)));
    }
    for _ in 0..200 {
        let mut inputs = Vec::new();
        for output in std::mem::take(&mut said) {
            let scene = match output {
                Output::Ring => Scene::Ringing,
                Output::Refuse(Refusal::Busy) => Scene::Beeps,
                Output::Bridge(_) => Scene::Operator,
                Output::Ended(ending) => Scene::Over(ending),
                Output::OpenSound => {
                    inputs.push((0, Input::SoundOpened));
                    continue;
                }
                Output::Answer => {
                    inputs.push((0, Input::LegAnswered));
                    continue;
                }
                Output::Hear(program) => {
                    if let Program::VoiceMessage { .. } = program {
                        inputs.push((SPOKEN, super::voice(3)));
                    }
                    if program != Program::Music {
                        inputs.push((SPOKEN, Input::Heard { program }));
                    }
                    Scene::Hears(program)
                }
                _ => continue,
            };
            let after = story.now.duration_since(began);
            stages.push(Stage { after, scene });
        }
        if story.call.ended().is_some() || stages.last().map(|s| s.scene) == Some(Scene::Operator) {
            break;
        }
        if inputs.is_empty() {
            let Some(at) = story.call.poll_timeout() else {
                break;
            };
            story.now = at;
            story.call.handle(at, Input::TimePassed);
            said = story.said();
        }
        for (seconds, input) in inputs {
            said.extend(story.after(seconds, input));
        }
    }
    stages
}

#[test]
fn every_case_goes_as_it_was_told() {
    let plans = [
        Plan::LineCheck,
        Plan::Busy,
        Plan::Operators { open: true },
        Plan::Operators { open: false },
    ];
    for plan in plans {
        for desks in [Desks::Free, Desks::Busy, Desks::Nobody] {
            let mut story = Story::begin(plan);
            let told = told(&story, plan, desks);
            let lived = lived(&mut story, desks);
            // Spoken prompts push the words of reassurance apart, so there are fewer of them.
            let once = |stages: &[Stage]| {
                let mut seen = Vec::new();
                for scene in scenes(stages) {
                    if !seen.contains(&scene) {
                        seen.push(scene);
                    }
                }
                seen
            };
            assert_eq!(once(&told), once(&lived), "{plan:?} {desks:?}");
            assert!(matches!(
                told.last().map(|stage| stage.scene),
                Some(Scene::Over(_) | Scene::Operator)
            ));
            for scene in [
                Scene::Ringing,
                Scene::Hears(Program::QueueWelcome),
                Scene::Hears(Program::VoiceMessage { open: true }),
            ] {
                let at = |stages: &[Stage]| {
                    let stage = stages.iter().find(|stage| stage.scene == scene);
                    stage.map(|stage| stage.after)
                };
                assert_eq!(at(&told), at(&lived), "{plan:?} {desks:?} {scene:?}");
            }
        }
    }
}

#[test]
fn the_times_are_those_of_the_limits() {
    let story = Story::begin(Plan::Operators { open: true });
    let limits = Limits::default();
    let stages = told(&story, Plan::Operators { open: true }, Desks::Busy);
    let first = |scene| {
        let stage = stages.iter().find(|stage| stage.scene == scene);
        stage.map(|stage| stage.after)
    };
    let welcome = Scene::Hears(Program::QueueWelcome);
    assert_eq!(first(welcome), Some(limits.ring_before_answer));
    let again = Scene::Hears(Program::Reassurance);
    assert_eq!(
        first(again),
        Some(limits.ring_before_answer + limits.reassure_every)
    );
    let message = Scene::Hears(Program::VoiceMessage { open: true });
    assert_eq!(first(message), Some(limits.wait));
}

#[test]
fn a_free_operator_and_nobody_at_all_are_met_at_once() {
    let open = Plan::Operators { open: true };
    let story = Story::begin(open);
    assert_eq!(
        told(&story, open, Desks::Free),
        [Scene::Ringing, Scene::Operator].map(|scene| Stage {
            after: Duration::ZERO,
            scene
        })
    );
    let nobody = told(&story, open, Desks::Nobody);
    assert_eq!(
        scenes(&nobody)[..2],
        [
            Scene::Ringing,
            Scene::Hears(Program::VoiceMessage { open: true })
        ]
    );
    assert!(nobody.iter().all(|stage| stage.after == Duration::ZERO));
}
