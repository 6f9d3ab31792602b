//! `demo --once`: one call from a caller's voice to the letter, without a
//! browser, and a look at whether everything is as it should be.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::call::{Ending, Happening, RecordingState};
use model::id::{CallId, CompanyId};
use model::message::{Channel, DeliveryState};
use serde::Serialize;
use sim::audio::{self, Sound};
use sim::customer;
use sim::operator::{HangUp, Note, RobotOperator, Script};
use store::{CallDetails, Store};

use super::town::Town;
use super::{DemoError, seed};
use crate::cli;
use crate::config::Config;

/// How long the operator lets it ring.
const ANSWER_AFTER: Duration = Duration::from_millis(1500);
/// How long after the answer the operator greets.
const GREET_AFTER: Duration = Duration::from_millis(300);
/// How long the two stay on the line after the operator has spoken.
const SILENCE_AFTER: Duration = Duration::from_millis(500);
/// How long recording and letter may take after the call.
const AFTERWARDS_WITHIN: Duration = Duration::from_secs(30);
/// How alike a voice and its recording have to be (see [`audio::find`]).
const ALIKE: f64 = 0.6;

/// The last line: what a program wants to know of the call.
#[derive(Serialize)]
struct Outcome {
    ending: Ending,
    call_id: CallId,
    recording: PathBuf,
    caller_channel: usize,
    operator_channel: usize,
    ring_ms: i64,
    talk_ms: i64,
    message_id: String,
    deliveries: Vec<DeliveryOutcome>,
}

#[derive(Serialize)]
struct DeliveryOutcome {
    channel: Channel,
    state: DeliveryState,
}

pub async fn run(
    args: &cli::Demo,
    config: &Config,
    store: &Store,
    company: CompanyId,
    base: &str,
    town: &Arc<Town>,
) -> Result<(), DemoError> {
    let caller = &customer::CALLERS[0];
    let caller_voice = match &args.caller_wav {
        Some(file) => Sound::load(file)?,
        None => caller.voice()?,
    };
    let operator_voice = match &args.operator_wav {
        Some(file) => Sound::load(file)?,
        None => customer::operator_voice()?,
    };
    eprintln!("A robot operator signs in …");
    let mut operator = RobotOperator::sign_in(base, seed::OPERATOR, seed::PASSWORD).await?;
    operator.ready().await?;
    eprintln!(
        "{} calls; the employees' telephones ring, nobody answers …",
        caller.name
    );
    let call = town.call(caller, caller_voice.clone(), sim::pbx::HangUp::Never);
    // Whoever speaks longer ends the talk: the operator hangs up after both have.
    let talk = GREET_AFTER.max(Duration::from_secs(3))
        + caller_voice.duration().max(operator_voice.duration())
        + SILENCE_AFTER;
    let served = operator
        .serve_one(Script {
            answer_after: ANSWER_AFTER,
            voice: operator_voice.clone(),
            speak_after: GREET_AFTER,
            note: Some(Note {
                recipient: None,
                caller_name: Some(caller.name.to_owned()),
                caller_phone: None,
                text: "Просит перезвонить по поводу ремонта кофемашины.".to_owned(),
            }),
            hang_up: HangUp::Answered(talk),
        })
        .await?;
    call.ended().await;
    eprintln!("The call is over; recording and letter follow …");
    let details = await_details(store, company, served.call).await?;
    let recordings = crate::open::recordings(config)?;
    let recording = recordings.ogg_path(company, served.call, details.row.call.arrived_at);
    print_timeline(&details);
    let outcome = outcome(&details, recording, &caller_voice, &operator_voice)?;
    operator.sign_out().await?;
    let line = serde_json::to_string(&outcome).map_err(|e| DemoError::Call(e.to_string()))?;
    println!("{line}");
    Ok(())
}

/// Waits until the recording is packed and every delivery has left the queue.
async fn await_details(
    store: &Store,
    company: CompanyId,
    call: CallId,
) -> Result<CallDetails, DemoError> {
    let mut changes = store.changes();
    let ready = async {
        loop {
            let details = store.calls().get(company, call).await?;
            let packed = matches!(
                details.row.call.recording,
                RecordingState::Ready | RecordingState::CutOff
            );
            let deliveries = details.messages.iter().flat_map(|m| &m.deliveries);
            let mut states = deliveries.map(|d| d.delivery.state).peekable();
            if packed && states.peek().is_some() && states.all(|s| s != DeliveryState::Queued) {
                return Ok(details);
            }
            // Lagging behind only means to look again.
            let _ = changes.recv().await;
        }
    };
    tokio::time::timeout(AFTERWARDS_WITHIN, ready)
        .await
        .map_err(|_| DemoError::Call("recording or letter did not follow in time".into()))?
}

fn print_timeline(details: &CallDetails) {
    let arrived = details.row.call.arrived_at;
    for item in &details.timeline {
        let after = item.entry.at.duration_since(arrived).as_millis();
        let name = item.operator_name.as_deref().unwrap_or_default();
        let (seconds, ms) = (after / 1000, after % 1000);
        println!(
            "{seconds:>5}.{ms:03} s  {} {name}",
            what(&item.entry.happening)
        );
    }
    for message in &details.messages {
        println!(
            "           message for {}: {}",
            message.recipient_name, message.message.text
        );
        for delivery in &message.deliveries {
            let to = delivery.employee_name.as_deref().unwrap_or("cabinet");
            println!("           {to}: {:?}", delivery.delivery.state);
        }
    }
}

/// What happened, in a word or two.
fn what(happening: &Happening) -> &'static str {
    match happening {
        Happening::Arrived => "arrived",
        Happening::Placed { .. } => "placed by",
        Happening::CalleeRinging => "rings at whom it is for",
        Happening::Offered { .. } => "offered to",
        Happening::OfferMissed { .. } => "missed by",
        Happening::OfferDeclined { .. } => "declined by",
        Happening::QueueAnswered => "answered by prompts",
        Happening::Answered { .. } => "answered by",
        Happening::Held => "on hold",
        Happening::Resumed => "back from hold",
        Happening::OperatorLost { .. } => "lost its operator",
        Happening::OperatorBack { .. } => "has its operator back:",
        Happening::TransferBegun { .. } => "to be handed over by",
        Happening::TransferRinging { .. } => "rings at a colleague's",
        Happening::TransferAnswered { .. } => "a colleague answered",
        Happening::TransferFailed { .. } => "a colleague was not had",
        Happening::TakenBack { .. } => "taken back by",
        Happening::TalkingTogether { .. } => "all three talk",
        Happening::Transferred { .. } => "handed over",
        Happening::SupervisorJoined { .. } => "joined by the supervisor",
        Happening::SupervisorLeft { .. } => "left by the supervisor",
        Happening::VoiceMessageStarted => "voice message",
        Happening::LineCheckStarted => "sound check",
        Happening::Ended { .. } => "ended",
    }
}

fn outcome(
    details: &CallDetails,
    recording: PathBuf,
    caller_voice: &Sound,
    operator_voice: &Sound,
) -> Result<Outcome, DemoError> {
    let wrong = |what: &str| DemoError::Call(what.to_owned());
    let call = &details.row.call;
    let ending = call.ending.ok_or_else(|| wrong("it has no ending"))?;
    let answered_at = call
        .answered_at
        .ok_or_else(|| wrong("it was not answered"))?;
    let ended_at = call.ended_at.ok_or_else(|| wrong("it did not end"))?;
    let message = details
        .messages
        .first()
        .ok_or_else(|| wrong("there is no message"))?;
    let deliveries: Vec<DeliveryOutcome> = message
        .deliveries
        .iter()
        .map(|d| &d.delivery)
        .filter(|d| d.channel != Channel::Cabinet)
        .map(|d| DeliveryOutcome {
            channel: d.channel,
            state: d.state,
        })
        .collect();
    if deliveries.is_empty() || deliveries.iter().any(|d| d.state == DeliveryState::Failed) {
        return Err(wrong("the message was not delivered"));
    }
    let packed = std::fs::read(&recording).map_err(|e| DemoError::Call(e.to_string()))?;
    let wav = media::pack::wav(&packed).map_err(|e| DemoError::Call(e.to_string()))?;
    let channels = audio::channels(&wav)?;
    let channel = |voice: &Sound, whose: &str| {
        let places = channels.iter().enumerate();
        places
            .filter_map(|(channel, sound)| Some((channel, audio::find(voice, sound)?)))
            .filter(|(_, found)| found.strength >= ALIKE)
            .max_by(|(_, a), (_, b)| a.strength.total_cmp(&b.strength))
            .map(|(channel, _)| channel)
            .ok_or_else(|| wrong(&format!("the {whose}'s voice is not on the recording")))
    };
    let caller_channel = channel(caller_voice, "caller")?;
    let operator_channel = channel(operator_voice, "operator")?;
    if caller_channel == operator_channel {
        return Err(wrong("both voices are on one channel"));
    }
    Ok(Outcome {
        ending,
        call_id: call.id,
        recording,
        caller_channel,
        operator_channel,
        ring_ms: milliseconds(answered_at.duration_since(call.arrived_at)),
        talk_ms: milliseconds(ended_at.duration_since(answered_at)),
        message_id: message.message.id.to_string(),
        deliveries,
    })
}

fn milliseconds(duration: jiff::SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
