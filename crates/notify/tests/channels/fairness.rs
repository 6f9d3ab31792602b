//! How soon the first attempt leaves while others hang.

use std::time::Duration;

use jiff::Timestamp;
use model::event::EventKind;
use sim::mail::MailCatcher;
use sim::web::Manner;
use sim::web::push::PushService;
use sim::web::receiver::Receiver;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::world::{World, brisk};

/// How long each of the hundred waited, the shortest first.
fn percentile(mut waits: Vec<f64>, part: f64) -> f64 {
    waits.sort_by(f64::total_cmp);
    let at = (waits.len() as f64 * part).ceil() as usize;
    waits[at.clamp(1, waits.len()) - 1]
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// Ten receivers of ten companies hang for 15 s, and so does a mail server; a
/// company with a pile of messages fills what it may. Another company's
/// events and notifications leave at once all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_attempt_leaves_within_two_seconds() {
    const MESSAGES: usize = 100;
    let mut world = World::new().await;
    let hanging = Receiver::start().await.expect("a receiver");
    hanging.behave(|_| Manner::Hang);
    for number in 0..10 {
        let firm = world.firm(&format!("Молчание {number}")).await;
        world.hook(firm, &hanging, &EventKind::ALL).await;
        for _ in 0..5 {
            world.message(firm, "В пустоту", true).await;
        }
    }
    // Takes connections, and says nothing.
    let mute = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = mute.local_addr().expect("bound").port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = mute.accept().await {
            kept.push(stream);
        }
    });

    let service = PushService::start().await.expect("a service");
    let receiver = Receiver::start().await.expect("a receiver");
    let firm = world.firm("Ромашка").await;
    let browser = service.subscribe(&world.vapid.public_key()).expect("keys");
    world.subscribe(firm, &browser).await;
    world
        .hook(firm, &receiver, &[EventKind::MessageCreated])
        .await;
    world.work(brisk(), Some(port));
    assert!(hanging.asked_so_often(10, Duration::from_secs(20)).await);

    let mut stored = Vec::new();
    for number in 0..MESSAGES {
        let message = world.message(firm, &format!("{number}"), true).await;
        stored.push(message);
    }
    let patience = Duration::from_secs(30);
    assert!(receiver.took_so_many(MESSAGES, patience).await);
    assert!(service.pushed_so_many(MESSAGES, patience).await);
    let told: Vec<f64> = receiver
        .took()
        .iter()
        .map(|took| {
            let of = |m: &&model::message::Message| took.data["id"] == m.id.to_string();
            let message = stored.iter().find(of).expect("stored");
            seconds(message.created_at, took.at)
        })
        .collect();
    let pushed: Vec<f64> = service
        .pushed()
        .iter()
        .map(|pushed| {
            let of = |m: &&model::message::Message| pushed.note["message"] == m.id.to_string();
            let message = stored.iter().find(of).expect("stored");
            seconds(message.created_at, pushed.at)
        })
        .collect();
    let (hook, push) = (
        percentile(told.clone(), 0.99),
        percentile(pushed.clone(), 0.99),
    );
    println!(
        "first attempt, {MESSAGES} messages while 10 receivers and a mail server hang: \
         webhook 50 % {:.3} s, 99 % {hook:.3} s; push 50 % {:.3} s, 99 % {push:.3} s",
        percentile(told, 0.5),
        percentile(pushed, 0.5),
    );
    assert!(hook < 2.0 && push < 2.0, "{hook} s, {push} s");
    drop(world);
}

/// A company with a thousand letters to send does not keep another one's waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pile_of_one_company_is_not_in_the_way_of_another() {
    let mut world = World::new().await;
    let mail = MailCatcher::start().await.expect("a mail server");
    // Each letter takes its time.
    let slow = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = slow.local_addr().expect("bound").port();
    let behind = mail.address();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = slow.accept().await {
            tokio::spawn(async move {
                let mut far = tokio::net::TcpStream::connect(behind).await.expect("mail");
                let (mut from_near, mut to_near) = near.split();
                let (mut from_far, mut to_far) = far.split();
                let there = async {
                    let mut bytes = [0; 16 * 1024];
                    while let Ok(read) = from_near.read(&mut bytes).await {
                        if read == 0 {
                            break;
                        }
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        let written =
                            tokio::io::AsyncWriteExt::write_all(&mut to_far, &bytes[..read]);
                        if written.await.is_err() {
                            break;
                        }
                    }
                };
                let back = tokio::io::copy(&mut from_far, &mut to_near);
                let _ = tokio::join!(there, back);
            });
        }
    });
    let (pile, one) = (world.firm("Завал").await, world.firm("Ромашка").await);
    for _ in 0..300 {
        world.message(pile, "Много", true).await;
    }
    world.work(brisk(), Some(port));
    let to_pile = format!("anna@{}.example", pile.company.0.simple());
    let begun = mail.await_mail(
        |letter| letter.text.contains("Много"),
        Duration::from_secs(20),
    );
    assert!(begun.await.is_some());
    let message = world.message(one, "Одно", true).await;
    let came = mail.await_mail(
        |letter| letter.text.contains("Одно"),
        Duration::from_secs(20),
    );
    let came = came.await.expect("the letter");
    let waited = seconds(message.created_at, came.at);
    let before = mail.mails();
    let before = before.iter().filter(|letter| letter.to.contains(&to_pile));
    println!("one letter beside a pile of 300 waited {waited:.3} s");
    assert!(before.count() < 300, "the pile was not done first");
    assert!(waited < 2.0, "{waited} s");
    drop(world);
}
