//! Notifications, as a push service and its browsers get them.

use model::message::{Channel, DeliveryState};
use notify::{Outbound, OutboundSettings};
use sim::web::Manner;
use sim::web::push::PushService;

use crate::world::{PATIENCE, World, brisk};

#[tokio::test]
async fn a_message_reaches_a_browser_and_nobody_else_reads_it() {
    let service = PushService::start_protected().await.expect("a service");
    let outbound = Outbound::new(OutboundSettings {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        trusted: service.certificate().into_iter().collect(),
    });
    let mut world = World::with(outbound.expect("settings")).await;
    let firm = world.firm("Ромашка").await;
    let browser = service.subscribe(&world.vapid.public_key()).expect("keys");
    world.subscribe(firm, &browser).await;
    world.work(brisk(), None);
    let message = world.message(firm, "Просит перезвонить", false).await;
    assert!(
        service.pushed_so_many(1, PATIENCE).await,
        "{:?}",
        service.refused()
    );
    let sent = world
        .delivery_once(&message, Channel::Push, |d| d.state == DeliveryState::Sent)
        .await;
    world.rest().await;
    let [pushed] = &service.pushed()[..] else {
        panic!("one notification only")
    };
    assert_eq!(pushed.note["message"], message.id.to_string());
    assert_eq!(pushed.note["delivery"], sent.id.to_string());
    assert_eq!(pushed.note["title"], "Иван Петров, +7 (926) 123-45-67");
    assert_eq!(pushed.note["text"], "Просит перезвонить");
    assert_eq!(pushed.urgency, "normal");
    assert_eq!(pushed.topic, Some(message.id.0.simple().to_string()));
    assert_eq!(
        (pushed.ttl, pushed.contact.as_str()),
        (259_200, "https://calls.example.com")
    );
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten() {
    let service = PushService::start().await.expect("a service");
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let key = world.vapid.public_key();
    let (gone, here) = (
        service.subscribe(&key).expect("keys"),
        service.subscribe(&key).expect("keys"),
    );
    world.subscribe(firm, &gone).await;
    world.subscribe(firm, &here).await;
    service.unsubscribe(&gone);
    world.work(brisk(), None);
    let message = world.message(firm, "Раз", false).await;
    let sent = |d: &model::message::Delivery| d.state == DeliveryState::Sent;
    world.delivery_once(&message, Channel::Push, sent).await;
    let left = world.store.push_subscriptions();
    let left = left.of_employee(firm.company, firm.anna).await;
    let left = left.expect("browsers");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].endpoint, here.endpoint);
    // With the last one gone there is nobody to push to.
    let next = world.message(firm, "Два", false).await;
    world.delivery_once(&next, Channel::Push, sent).await;
    service.unsubscribe(&here);
    let last = world.message(firm, "Три", false).await;
    let failed = |d: &model::message::Delivery| d.state == DeliveryState::Failed;
    let failed = world.delivery_once(&last, Channel::Push, failed).await;
    assert_eq!(
        failed.error.as_deref(),
        Some("no browser takes notifications any more")
    );
    world.rest().await;
}

#[tokio::test]
async fn a_push_service_that_is_out_of_sorts_is_tried_again() {
    let service = PushService::start().await.expect("a service");
    service.behave(|number| match number {
        0 => Manner::Refuse(503),
        1 => Manner::RefuseFor(429, 1),
        2 => Manner::Close,
        3 => Manner::Babble,
        _ => Manner::Take,
    });
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let browser = service.subscribe(&world.vapid.public_key()).expect("keys");
    world.subscribe(firm, &browser).await;
    world.work(brisk(), None);
    let message = world.message(firm, "Просит перезвонить", false).await;
    let sent = world
        .delivery_once(&message, Channel::Push, |d| d.state == DeliveryState::Sent)
        .await;
    world.rest().await;
    assert_eq!(sent.attempts, 5);
    assert_eq!(service.pushed().len(), 1);
}

#[tokio::test]
async fn a_push_that_is_no_good_is_given_up() {
    let service = PushService::start().await.expect("a service");
    service.behave(|_| Manner::Refuse(413));
    let mut world = World::new().await;
    let firm = world.firm("Ромашка").await;
    let browser = service.subscribe(&world.vapid.public_key()).expect("keys");
    world.subscribe(firm, &browser).await;
    world.work(brisk(), None);
    let message = world.message(firm, "Просит перезвонить", false).await;
    let failed = |d: &model::message::Delivery| d.state == DeliveryState::Failed;
    let failed = world.delivery_once(&message, Channel::Push, failed).await;
    world.rest().await;
    assert_eq!(
        failed.error.as_deref(),
        Some("the push service answered 413")
    );
    assert_eq!(failed.attempts, 1);
}
