//! Events, as a customer's receiver gets them.

use std::time::Duration;

use model::call::Ending;
use model::event::EventKind;
use model::message::{Channel, DeliveryState};
use sim::web::Manner;
use sim::web::receiver::{Receiver, Took};
use store::ReplayFrom;

use crate::world::{PATIENCE, World, brisk};

fn seqs(took: &[Took]) -> Vec<i64> {
    took.iter().filter_map(|took| took.seq).collect()
}

#[tokio::test]
async fn events_come_signed_and_in_their_order() {
    let receiver = Receiver::start().await.expect("a receiver");
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    world.hook(firm, &receiver, &EventKind::ALL).await;
    world.work(brisk(), None);
    let message = world.message(firm, "Просит перезвонить", false).await;
    let ended = world.store.calls();
    let ended = ended.finish(
        firm.company,
        message.call,
        Ending::OperatorHungUp,
        jiff::Timestamp::now(),
    );
    ended.await.expect("finished");
    assert!(receiver.took_so_many(3, PATIENCE).await);
    let sent = |d: &model::message::Delivery| d.state == DeliveryState::Sent;
    let delivery = world.delivery_once(&message, Channel::Webhook, sent).await;
    assert_eq!(
        (delivery.attempts, delivery.address.as_str()),
        (1, "127.0.0.1")
    );
    world.rest().await;
    let took = receiver.took();
    assert_eq!(seqs(&took), [1, 2, 3]);
    let kinds: Vec<&str> = took.iter().map(|took| took.kind.as_str()).collect();
    assert_eq!(kinds, ["call.arrived", "message.created", "call.ended"]);
    assert_eq!(took[1].data["id"], message.id.to_string());
    assert_eq!(took[1].data["text"], "Просит перезвонить");
    assert_eq!(took[2].data["result"], "message_taken");
    assert_eq!(receiver.forged(), 0);
}

#[tokio::test]
async fn a_head_that_fails_holds_its_line_until_it_gets_through() {
    let receiver = Receiver::start().await.expect("a receiver");
    receiver.behave(|number| match number {
        0 => Manner::Refuse(500),
        1 => Manner::CutShort,
        2 => Manner::TakeAndClose,
        3 => Manner::Babble,
        4 => Manner::Redirect,
        _ => Manner::Take,
    });
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    world.hook(firm, &receiver, &EventKind::ALL).await;
    world.work(brisk(), None);
    for _ in 0..4 {
        world.call(firm).await;
    }
    assert!(receiver.took_so_many(5, PATIENCE).await);
    world.rest().await;
    let took = receiver.took();
    assert_eq!(seqs(&took), [1, 1, 2, 3, 4]);
    assert_eq!(took[0].id, took[1].id, "a repeat is known by its id");
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_up_nobody_else() {
    let (bad, good) = (
        Receiver::start().await.expect("a receiver"),
        Receiver::start().await.expect("a receiver"),
    );
    bad.behave(|_| Manner::Hang);
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    world.hook(firm, &bad, &EventKind::ALL).await;
    world.hook(firm, &good, &EventKind::ALL).await;
    world.work(brisk(), None);
    world.call(firm).await;
    assert!(bad.asked_so_often(1, PATIENCE).await);
    // While it hangs, and it hangs for 15 s.
    for _ in 0..20 {
        world.call(firm).await;
    }
    assert!(good.took_so_many(21, Duration::from_secs(10)).await);
    assert_eq!(bad.asked(), 1);
    world.rest().await;
}

#[tokio::test]
async fn gone_is_gone_and_a_replay_begins_where_it_is_told() {
    let receiver = Receiver::start().await.expect("a receiver");
    receiver.behave(|number| match number {
        0 | 1 => Manner::Take,
        2 => Manner::Refuse(410),
        _ => Manner::Take,
    });
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let id = world
        .hook(firm, &receiver, &[EventKind::MessageCreated])
        .await;
    world.work(brisk(), None);
    let mut messages = Vec::new();
    for text in ["Раз", "Два", "Три"] {
        messages.push(world.message(firm, text, false).await);
    }
    let failed = |d: &model::message::Delivery| d.state == DeliveryState::Failed;
    world
        .delivery_once(&messages[2], Channel::Webhook, failed)
        .await;
    let webhooks = world.store.webhooks();
    let view = webhooks.get(firm.company, id).await.expect("it");
    assert!(!view.draft.enabled);
    assert_eq!(receiver.asked(), 3);
    // Switched on and set back, all is told again, and the failed one got through.
    let draft = store::WebhookDraft {
        enabled: true,
        ..view.draft
    };
    let now = jiff::Timestamp::now();
    let on = webhooks
        .update(firm.company, id, &draft, view.version, now)
        .await;
    on.expect("on");
    let back = webhooks
        .replay(firm.company, id, ReplayFrom::Seq(1), now)
        .await;
    back.expect("set back");
    assert!(receiver.took_so_many(5, PATIENCE).await);
    let sent = |d: &model::message::Delivery| d.state == DeliveryState::Sent;
    world
        .delivery_once(&messages[2], Channel::Webhook, sent)
        .await;
    let texts: Vec<String> = receiver
        .took()
        .iter()
        .map(|took| took.data["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    // The one after the 410 was at its turn again before the line was set back, or was not.
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert!(
        texts.ends_with(&["Раз", "Два", "Три"]) || texts.starts_with(&["Раз", "Два", "Три"]),
        "{texts:?}"
    );
    world.rest().await;
}

#[tokio::test]
async fn a_worker_that_stops_finishes_what_is_in_hand() {
    let receiver = Receiver::start().await.expect("a receiver");
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let id = world.hook(firm, &receiver, &EventKind::ALL).await;
    for _ in 0..200 {
        world.call(firm).await;
    }
    world.work(brisk(), None);
    assert!(receiver.took_so_many(5, PATIENCE).await);
    world.rest().await;
    let took = receiver.took();
    let view = world.store.webhooks().get(firm.company, id).await;
    let told = i64::try_from(took.len()).expect("few");
    assert_eq!(view.expect("it").cursor, told, "what was taken is stored");
    world.work(brisk(), None);
    assert!(receiver.took_so_many(200, PATIENCE).await);
    world.rest().await;
    let all: Vec<i64> = (1..=200).collect();
    assert_eq!(seqs(&receiver.took()), all);
}

#[tokio::test]
async fn an_event_is_sent_again_by_hand_and_the_line_stays() {
    let receiver = Receiver::start().await.expect("a receiver");
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let id = world.hook(firm, &receiver, &EventKind::ALL).await;
    for _ in 0..3 {
        world.call(firm).await;
    }
    world.work(brisk(), None);
    assert!(receiver.took_so_many(3, PATIENCE).await);
    let attempt = world.hand().resend(firm.company, id, 2).await;
    assert!(attempt.expect("an attempt").ok());
    let strange = world.firm("Астра").await.company;
    assert!(world.hand().resend(strange, id, 2).await.is_err());
    world.rest().await;
    let took = receiver.took();
    assert_eq!(seqs(&took), [1, 2, 3, 2]);
    assert_eq!(took[1].id, took[3].id);
    let listed = world.store.webhooks();
    let listed = listed.attempts(firm.company, id, Default::default()).await;
    assert_eq!(listed.expect("attempts").items.len(), 4);
}

#[tokio::test]
async fn a_delivery_that_failed_is_tried_again_when_somebody_asks_for_it() {
    let receiver = Receiver::start().await.expect("a receiver");
    receiver.behave(|number| match number {
        0 => Manner::Refuse(410),
        1 => Manner::Refuse(503),
        _ => Manner::Take,
    });
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let kinds = [EventKind::MessageCreated];
    world.hook(firm, &receiver, &kinds).await;
    world.work(brisk(), None);
    let message = world.message(firm, "Просит перезвонить", false).await;
    let failed = |d: &model::message::Delivery| d.state == DeliveryState::Failed;
    let failed = world
        .delivery_once(&message, Channel::Webhook, failed)
        .await;
    let actor = store::Actor {
        user: model::id::UserId(uuid::Uuid::now_v7()),
        name: "Администратор".into(),
        employee: None,
    };
    let deliveries = world.store.deliveries();
    let now = jiff::Timestamp::now();
    let asked = deliveries.retry(firm.company, message.id, failed.id, &actor, now);
    asked.await.expect("queued again");
    let sent = |d: &model::message::Delivery| d.state == DeliveryState::Sent;
    world.delivery_once(&message, Channel::Webhook, sent).await;
    world.rest().await;
    assert_eq!(receiver.took().len(), 1);
    assert_eq!(receiver.asked(), 3);
}
