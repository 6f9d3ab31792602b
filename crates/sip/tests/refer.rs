//! The PBX is asked to connect a call with somebody else: a PBX that is played by hand, and a real one.

mod common;

use model::id::LegId;
use model::pbx::{Connection, Transport};
use sip::{Event, LegEnd, Referral};

use common::asterisk::Asterisk;
use common::scene::Scene;
use common::telephone::{Message, Telephone, description};
use common::{PATIENCE, Service, account, contact, line, stream};

const GOING: &str = "Event: refer\r\nSubscription-State: active;expires=60\r\n";
const OVER: &str = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n";

impl Scene {
    async fn referred(&mut self, leg: LegId, referral: Referral) {
        let event = self.service.call_event().await;
        assert_eq!(event, Event::Referred { leg, referral });
    }

    /// The PBX tells how far it is, and is answered.
    async fn notify(&mut self, headers: &str, body: &str) {
        self.telephone.send("NOTIFY", headers, body).await;
        let answer = self.telephone.response_only("NOTIFY").await;
        assert_eq!(answer.code(), Some(200));
    }
}

/// A call whose other end is to be connected with 101.
async fn referring() -> (Scene, LegId, Message) {
    let (scene, leg) = Scene::talking().await;
    scene.service.endpoint.refer(leg, "101");
    let refer = scene.telephone.request_of("REFER").await;
    (scene, leg, refer)
}

#[tokio::test]
async fn success_is_the_notify_with_200_and_never_the_202() {
    let (mut scene, leg, refer) = referring().await;
    assert!(refer.header("refer-to").starts_with("<sip:101@127.0.0.1"));
    assert!(refer.header("referred-by").starts_with("<sip:200@"));
    scene.telephone.reply(&refer, 202, "", "").await;
    scene.notify(GOING, "SIP/2.0 100 Trying\r\n").await;
    scene.referred(leg, Referral::Going).await;
    // Of something else.
    scene
        .notify("Event: message-summary\r\n", "SIP/2.0 200 OK\r\n")
        .await;
    scene.notify(OVER, "SIP/2.0 200 OK\r\n").await;
    scene.referred(leg, Referral::Connected).await;
    scene.service.endpoint.hang_up(leg);
    scene.telephone.hung_up().await;
    scene.ends(leg, LegEnd::Released).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_notify_may_overtake_the_202() {
    let (mut scene, leg, refer) = referring().await;
    scene.notify(OVER, "SIP/2.0 200 OK\r\n").await;
    scene.referred(leg, Referral::Connected).await;
    scene.telephone.reply(&refer, 202, "", "").await;
}

#[tokio::test]
async fn a_colleague_who_was_not_had_leaves_the_call_as_it_was() {
    let (mut scene, leg, refer) = referring().await;
    scene
        .telephone
        .reply(&refer, 202, "Refer-Sub: true\r\n", "")
        .await;
    scene.notify(OVER, "SIP/2.0 503 Busy\r\n").await;
    scene
        .referred(leg, Referral::NotConnected { code: 503 })
        .await;
    // Nothing more is awaited, and the call goes on.
    scene.notify(OVER, "SIP/2.0 200 OK\r\n").await;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.ends(leg, LegEnd::HungUp).await;
}

#[tokio::test]
async fn what_is_told_late_of_one_refer_is_not_taken_for_the_next_ones() {
    let (mut scene, leg, first) = referring().await;
    scene.telephone.reply(&first, 202, "", "").await;
    scene.service.endpoint.refer(leg, "102");
    let second = scene.telephone.request_of("REFER").await;
    scene.telephone.reply(&second, 202, "", "").await;
    let of = |refer: &Message| {
        let seq = refer.header("cseq").split(' ').next().unwrap_or_default();
        OVER.replace("refer", &format!("refer;id={seq}"))
    };
    scene.notify(&of(&first), "SIP/2.0 487 Gone\r\n").await;
    scene.notify(&of(&first), "SIP/2.0 200 OK\r\n").await;
    scene.notify(&of(&second), "SIP/2.0 486 Busy\r\n").await;
    scene
        .referred(leg, Referral::NotConnected { code: 486 })
        .await;
}

#[tokio::test]
async fn a_pbx_that_hangs_up_first_may_still_say_that_it_has_connected_them() {
    let (mut scene, leg, refer) = referring().await;
    scene.telephone.reply(&refer, 202, "", "").await;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.notify(OVER, "SIP/2.0 200 OK\r\n").await;
    scene.referred(leg, Referral::Connected).await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_caller_who_hangs_up_meanwhile_has_hung_up() {
    let (mut scene, leg, refer) = referring().await;
    scene.telephone.reply(&refer, 202, "", "").await;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.notify(OVER, "SIP/2.0 487 Gone\r\n").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;

    // Or the PBX says nothing at all.
    let (mut scene, leg, _) = referring().await;
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_pbx_that_will_not_notify_tells_by_hanging_up() {
    let (mut scene, leg, refer) = referring().await;
    let untold = "Refer-Sub: false\r\n";
    scene.telephone.reply(&refer, 202, untold, "").await;
    scene.referred(leg, Referral::Going).await;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.referred(leg, Referral::Connected).await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_pbx_that_does_not_refer_says_so() {
    for code in [405, 501, 603] {
        let (mut scene, leg, refer) = referring().await;
        scene.telephone.reply(&refer, code, "", "").await;
        scene.referred(leg, Referral::Refused { code }).await;
    }
}

#[tokio::test]
async fn a_pbx_that_wants_a_login_for_it_gets_one() {
    let (mut scene, leg, refer) = referring().await;
    let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n\", algorithm=MD5\r\n";
    scene.telephone.reply(&refer, 401, challenge, "").await;
    let again = scene.telephone.request_of("REFER").await;
    assert!(again.header("authorization").contains("realm=\"pbx\""));
    assert_ne!(again.header("cseq"), refer.header("cseq"));
    scene.telephone.reply(&again, 403, "", "").await;
    scene.referred(leg, Referral::Refused { code: 403 }).await;
}

#[tokio::test]
async fn a_second_call_is_named_as_the_pbx_knows_it() {
    let (mut scene, leg) = Scene::talking().await;
    scene.exchange.request_of("REGISTER").await;
    let other = scene.service.endpoint.place(scene.line, "101", stream());
    let invite = scene.exchange.called().await;
    let contact = "Contact: <sip:101@127.0.0.9:5099>\r\n";
    let answer = description("sendrecv");
    scene.exchange.reply(&invite, 200, contact, &answer).await;
    scene.exchange.request_of("ACK").await;
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { leg, .. } if leg == other));
    scene.service.endpoint.refer_to_leg(leg, other);
    let refer = scene.telephone.request_of("REFER").await;
    let ours = invite.header("from").split("tag=").nth(1).expect("a tag");
    let wanted = format!(
        "<sip:101@127.0.0.9:5099?Replaces={}%3Bto-tag%3Dcalled%3Bfrom-tag%3D{ours}>",
        invite.header("call-id")
    );
    assert_eq!(refer.header("refer-to"), wanted);
}

/// A call that came in through a real PBX and is answered.
struct Office {
    service: Service,
    line: model::id::LineId,
    pbx: Asterisk,
    caller: Telephone,
    leg: LegId,
}

impl Office {
    async fn talking() -> Self {
        let pbx = Asterisk::start();
        let mut service = Service::start().await;
        let line = line();
        let account = account("200", pbx.address, Transport::Udp);
        service.endpoint.connect(line, contact(), account);
        let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
        assert!(matches!(outcome, Connection::Registered { .. }));
        let from = "<sip:+79261234567@operator>";
        let at_once = "74950000004";
        let mut caller = Telephone::new([127, 0, 0, 9], pbx.address, at_once, from).await;
        caller.invite().await;
        let Event::Incoming { leg, .. } = service.call_event().await else {
            panic!("no call");
        };
        service.endpoint.answer(leg, stream());
        let answer = caller.response("INVITE").await;
        caller.ack(&answer, "").await;
        let mut office = Self {
            service,
            line,
            pbx,
            caller,
            leg,
        };
        office.answered(leg).await;
        office.bridged().await;
        office
    }

    /// Waits until the PBX has put both channels together: before that it refuses every REFER with 400.
    async fn bridged(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let bridges = self.pbx.cli("bridge show all");
            if bridges.contains("2 basic") {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{bridges}");
            tokio::task::yield_now().await;
        }
    }

    async fn answered(&mut self, wanted: LegId) {
        loop {
            match self.service.call_event().await {
                Event::Answered { leg, .. } if leg == wanted => return,
                Event::Changed { .. } | Event::Ringing { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The last word of the PBX on the REFER.
    async fn referral(&mut self) -> Referral {
        loop {
            match self.service.call_event().await {
                Event::Referred {
                    referral: Referral::Going,
                    ..
                }
                | Event::Changed { .. } => {}
                Event::Referred { referral, .. } => return referral,
                other => panic!("{other:?}"),
            }
        }
    }

    async fn ended(&mut self, wanted: LegId) -> LegEnd {
        loop {
            match self.service.call_event().await {
                Event::Ended { leg, cause } if leg == wanted => return cause,
                Event::Changed { .. } | Event::Ended { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits until the caller is with this application of the PBX, and nobody else is in a call.
    async fn alone_with(&self, application: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let channels = self.pbx.cli("core show channels concise");
            let lines: Vec<_> = channels.lines().filter(|l| l.contains('!')).collect();
            if lines.len() == 1 && lines[0].contains(application) {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{channels}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn asterisk_connects_a_caller_with_a_number() {
    let mut office = Office::talking().await;
    office.service.endpoint.refer(office.leg, "601");
    assert_eq!(office.referral().await, Referral::Connected);
    office.service.endpoint.hang_up(office.leg);
    let leg = office.leg;
    assert_eq!(office.ended(leg).await, LegEnd::Released);
    office.alone_with("Milliwatt").await;
    office.caller.send("BYE", "", "").await;
}

#[tokio::test]
async fn asterisk_connects_a_caller_with_a_colleague_who_was_asked_before() {
    let mut office = Office::talking().await;
    let second = office.service.endpoint.place(office.line, "601", stream());
    office.answered(second).await;
    office.service.endpoint.refer_to_leg(office.leg, second);
    assert_eq!(office.referral().await, Referral::Connected);
    let leg = office.leg;
    office.service.endpoint.hang_up(leg);
    office.service.endpoint.hang_up(second);
    office.ended(leg).await;
    office.alone_with("Milliwatt").await;
    office.caller.send("BYE", "", "").await;
}

#[tokio::test]
async fn asterisk_does_not_connect_with_a_number_that_is_not_there() {
    let mut office = Office::talking().await;
    office.service.endpoint.refer(office.leg, "604");
    let referral = office.referral().await;
    assert!(
        !matches!(referral, Referral::Connected | Referral::Going),
        "{referral:?}"
    );
    office.caller.send("BYE", "", "").await;
}
