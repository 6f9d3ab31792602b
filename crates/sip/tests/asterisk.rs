//! Stories with a real Asterisk as the customer's PBX.

mod common;

use std::time::{Duration, Instant};

use model::audio::Direction;
use model::id::{LegId, LineId};
use model::pbx::{Connection, Fault, Transport};
use model::secret::Secret;
use sip::{Event, JournalEntry, LegEnd, Refusal};

use common::asterisk::Asterisk;
use common::telephone::{Telephone, description};
use common::{PATIENCE, Service, account, contact, line, stream};

const MISSED: &str = "74950000001";
const AT_ONCE: &str = "74950000004";

/// A PBX, the endpoint, and its line registered on extension 200.
struct Scene {
    service: Service,
    line: LineId,
    token: String,
    pbx: Asterisk,
}

impl Scene {
    async fn set(transport: Transport) -> Self {
        Self::on(Asterisk::start(), "200", transport).await
    }

    async fn on(pbx: Asterisk, user: &str, transport: Transport) -> Self {
        let mut service = Service::start().await;
        let (line, token) = (line(), contact());
        service
            .endpoint
            .connect(line, token.clone(), account(user, pbx.address, transport));
        let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
        assert!(
            matches!(outcome, Connection::Registered { .. }),
            "{outcome:?}"
        );
        let event = service.event().await;
        assert!(
            matches!(
                event,
                Event::Line {
                    journal: JournalEntry::Registered { .. },
                    ..
                }
            ),
            "{event:?}"
        );
        Self {
            service,
            line,
            token,
            pbx,
        }
    }

    /// A telephone outside, which calls in through the operator's trunk.
    async fn telephone(&self, number: &str) -> Telephone {
        let from = "<sip:+79261234567@operator>";
        let mut telephone = Telephone::new([127, 0, 0, 9], self.pbx.address, number, from).await;
        telephone.invite().await;
        telephone
    }

    async fn arrives(&mut self) -> LegId {
        match self.service.call_event().await {
            Event::Incoming { leg, .. } => leg,
            other => panic!("no call but {other:?}"),
        }
    }

    async fn answered(&mut self, leg: LegId, telephone: &mut Telephone) {
        self.service.endpoint.ring(leg);
        self.service.endpoint.answer(leg, stream());
        let answer = telephone.response("INVITE").await;
        assert_eq!(answer.code(), Some(200));
        telephone.ack(&answer, "").await;
        let event = self.service.call_event().await;
        let Event::Answered { audio, .. } = event else {
            panic!("{event:?}")
        };
        assert_eq!(audio.address.ip(), self.pbx.address.ip());
    }

    /// Waits until sound goes in this direction.
    async fn changes_to(&mut self, wanted: Direction) {
        loop {
            match self.service.call_event().await {
                Event::Changed { audio, .. } if audio.direction == wanted => return,
                Event::Changed { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The end of the leg; what the PBX changes before does not matter.
    async fn ends(&mut self, leg: LegId) -> LegEnd {
        loop {
            match self.service.call_event().await {
                Event::Ended { leg: ended, cause } if ended == leg => return cause,
                Event::Changed { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

async fn registers(transport: Transport) {
    let mut scene = Scene::set(transport).await;
    assert!(
        scene
            .pbx
            .cli("pjsip show contacts")
            .contains(&scene.token[..8])
    );
    // Asked for again, it is registered again.
    let account = account("200", scene.pbx.address, transport);
    scene
        .service
        .endpoint
        .connect(scene.line, scene.token.clone(), account);
    let outcome = scene
        .service
        .endpoint
        .await_outcome(scene.line, PATIENCE)
        .await;
    assert!(
        matches!(outcome, Connection::Registered { .. }),
        "{outcome:?}"
    );
    assert!(matches!(scene.service.event().await, Event::Line { .. }));

    scene.service.endpoint.shutdown().await;
    let event = scene.service.event().await;
    assert!(
        matches!(
            event,
            Event::Line {
                journal: JournalEntry::Unregistered,
                ..
            }
        ),
        "{event:?}"
    );
    assert!(
        !scene
            .pbx
            .cli("pjsip show contacts")
            .contains(&scene.token[..8])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_registers_over_udp_and_is_taken_back() {
    registers(Transport::Udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_registers_over_tcp_and_is_taken_back() {
    registers(Transport::Tcp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_named() {
    let pbx = Asterisk::start();
    let service = Service::start().await;
    let line = line();
    let mut wrong = account("200", pbx.address, Transport::Udp);
    wrong.password = Secret::new("guessed");
    service.endpoint.connect(line, contact(), wrong);
    let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
    assert_eq!(
        outcome,
        Connection::Failed {
            fault: Fault::WrongPassword
        }
    );
    // Put right, it registers.
    service
        .endpoint
        .connect(line, contact(), account("200", pbx.address, Transport::Udp));
    let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
    assert!(
        matches!(outcome, Connection::Registered { .. }),
        "{outcome:?}"
    );
    service.endpoint.disconnect(line).await;
    assert_eq!(service.endpoint.connection(line), Connection::NotConfigured);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_by_sha_256_is_understood() {
    let extra = "[300](office)\nauth = 300\naors = 300\n\
        [300]\ntype = auth\nauth_type = digest\nusername = 300\npassword = secret300\n\
        supported_algorithms_uas = SHA-256\n\
        [300](place)\n";
    Scene::on(Asterisk::start_with(1, extra), "300", Transport::Udp).await;
}

async fn missed_call(transport: Transport) {
    let mut scene = Scene::set(transport).await;
    let mut telephone = scene.telephone(MISSED).await;
    telephone.provisional(180).await;
    let event = scene.service.call_event().await;
    let Event::Incoming {
        leg,
        caller,
        dialled,
        line,
        ..
    } = event
    else {
        panic!("{event:?}")
    };
    assert_eq!(line, scene.line);
    assert_eq!(caller.number.as_deref(), Some("+79261234567"));
    assert_eq!(dialled.as_deref(), Some(MISSED));
    scene.answered(leg, &mut telephone).await;
    telephone.send("BYE", "", "").await;
    assert_eq!(scene.ends(leg).await, LegEnd::HungUp);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_call_arrives_over_udp_with_the_callers_number() {
    missed_call(Transport::Udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_call_arrives_over_tcp_with_the_callers_number() {
    missed_call(Transport::Tcp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_hung_up_from_this_side() {
    let mut scene = Scene::set(Transport::Udp).await;
    let mut telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.answered(leg, &mut telephone).await;
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    telephone.hung_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_gives_up_while_it_rings() {
    let mut scene = Scene::set(Transport::Udp).await;
    let telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    telephone.provisional(180).await;
    telephone.cancel().await;
    assert_eq!(scene.ends(leg).await, LegEnd::Cancelled);
    assert_eq!(telephone.response("INVITE").await.code(), Some(487));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_hears_busy() {
    let mut scene = Scene::set(Transport::Udp).await;
    let telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    assert_eq!(telephone.response("INVITE").await.code(), Some(486));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlives_every_timer_of_its_answer_and_of_its_session() {
    let extra = "[200](+)\ntimers = always\ntimers_min_se = 90\ntimers_sess_expires = 90\n";
    let mut scene = Scene::on(Asterisk::start_with(1, extra), "200", Transport::Udp).await;
    let mut telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.answered(leg, &mut telephone).await;
    // The time itself is what is tested: a lost ACK ends a call at 32 s, a
    // session that was not refreshed at 60 s.
    let end = tokio::time::Instant::now() + Duration::from_secs(63);
    while let Ok(event) = tokio::time::timeout_at(end, scene.service.events.recv()).await {
        assert!(
            matches!(event, Some(Event::Changed { .. } | Event::Line { .. })),
            "{event:?}"
        );
    }
    telephone.send("BYE", "", "").await;
    assert_eq!(scene.ends(leg).await, LegEnd::HungUp);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pbx_that_requires_reliable_ringing_gets_it() {
    let extra = "[200](+)\n100rel = required\n";
    let mut scene = Scene::on(Asterisk::start_with(1, extra), "200", Transport::Udp).await;
    let mut telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    telephone.provisional(180).await;
    scene.answered(leg, &mut telephone).await;
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    telephone.hung_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pbx_that_wants_longer_sessions_gets_them() {
    let extra = "[200](+)\ntimers = always\ntimers_min_se = 3600\ntimers_sess_expires = 3600\n";
    let mut scene = Scene::on(Asterisk::start_with(1, extra), "200", Transport::Udp).await;
    let leg = scene.service.endpoint.place(scene.line, "600", stream());
    loop {
        match scene.service.call_event().await {
            Event::Ringing { .. } => {}
            Event::Answered { .. } => break,
            other => panic!("{other:?}"),
        }
    }
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_pbx_tells_by_info_are_heard() {
    let extra = "[200](+)\ndtmf_mode = info\n";
    // It presses them by itself once the line has answered.
    let plan = "[from-operator]\nexten => 700,1,Dial(PJSIP/200,30,D(7#))\n";
    let pbx = Asterisk::start_with_plan(1, extra, plan);
    let mut scene = Scene::on(pbx, "200", Transport::Udp).await;
    let mut telephone = scene.telephone("700").await;
    let leg = scene.arrives().await;
    scene.service.endpoint.answer(leg, stream());
    let mut keys = String::new();
    while keys.len() < 2 {
        match scene.service.call_event().await {
            Event::Digit { digit, .. } => keys.push(digit.as_char()),
            Event::Answered { .. } | Event::Changed { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(keys, "7#");
    let answer = telephone.response("INVITE").await;
    telephone.ack(&answer, "").await;
    telephone.send("BYE", "", "").await;
    assert_eq!(scene.ends(leg).await, LegEnd::HungUp);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_on_hold_is_told_and_so_is_the_way_back() {
    // Otherwise Asterisk plays its music itself, and nobody else gets to know.
    let extra = "[200](+)\nmoh_passthrough = yes\n";
    let mut scene = Scene::on(Asterisk::start_with(1, extra), "200", Transport::Udp).await;
    let mut telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.answered(leg, &mut telephone).await;
    for (offer, direction) in [
        ("sendonly", Direction::SendOnly),
        ("sendrecv", Direction::SendRecv),
        ("inactive", Direction::SendOnly),
        ("sendrecv", Direction::SendRecv),
    ] {
        telephone.send("INVITE", "", &description(offer)).await;
        let response = telephone.response("INVITE").await;
        assert_eq!(response.code(), Some(200));
        telephone.ack(&response, "").await;
        scene.changes_to(direction).await;
    }
    telephone.send("BYE", "", "").await;
    assert_eq!(scene.ends(leg).await, LegEnd::HungUp);
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_goes_past_a_pbx_that_leaves_its_way() {
    let extra = "[200](+)\ndirect_media = yes\n[operator](+)\ndirect_media = yes\n";
    let mut scene = Scene::on(Asterisk::start_with(1, extra), "200", Transport::Udp).await;
    let mut telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.answered(leg, &mut telephone).await;
    // Each side is told where the other one takes sound.
    let invite = telephone.request_of("INVITE").await;
    let ours = stream().address;
    assert!(
        invite.body.contains(&format!("m=audio {} ", ours.port())),
        "{}",
        invite.body
    );
    let direct = description("sendrecv");
    let contact = format!("Contact: <sip:telephone@{}>\r\n", telephone.address());
    telephone.reply(&invite, 200, &contact, &direct).await;
    let theirs = std::net::SocketAddr::from(([127, 0, 0, 9], 46_000));
    loop {
        match scene.service.call_event().await {
            Event::Changed { audio, .. } if audio.address == theirs => break,
            Event::Changed { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    telephone.hung_up().await;
}

async fn restarted(transport: Transport) {
    let mut scene = Scene::set(transport).await;
    scene.pbx.stop();
    let event = scene.service.event().await;
    assert!(
        matches!(
            event,
            Event::Line {
                connection: Connection::Failed { .. },
                ..
            }
        ),
        "{event:?}"
    );
    scene.pbx.resume();
    let back = Instant::now();
    loop {
        let event = scene.service.event().await;
        if let Event::Line {
            journal: JournalEntry::Registered { .. },
            ..
        } = event
        {
            break;
        }
    }
    assert!(
        back.elapsed() < Duration::from_secs(10),
        "{:?}",
        back.elapsed()
    );
    let telephone = scene.telephone(AT_ONCE).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(telephone.response("INVITE").await.code(), Some(486));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pbx_that_restarts_finds_its_line_over_udp() {
    restarted(Transport::Udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pbx_that_restarts_finds_its_line_over_tcp() {
    restarted(Transport::Tcp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_placed_through_the_line() {
    let mut scene = Scene::set(Transport::Udp).await;
    // Answered.
    let leg = scene.service.endpoint.place(scene.line, "600", stream());
    loop {
        match scene.service.call_event().await {
            Event::Ringing { .. } => {}
            Event::Answered {
                leg: answered,
                audio,
            } => {
                assert_eq!(answered, leg);
                assert_eq!(audio.address.ip(), scene.pbx.address.ip());
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    // Refused.
    for (to, code) in [("602", 486), ("604", 404)] {
        let leg = scene.service.endpoint.place(scene.line, to, stream());
        assert_eq!(scene.ends(leg).await, LegEnd::Refused { code }, "{to}");
    }
    // Withdrawn while it rings.
    let leg = scene.service.endpoint.place(scene.line, "603", stream());
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    scene.service.endpoint.hang_up(leg);
    assert_eq!(scene.ends(leg).await, LegEnd::Released);
    let gone = async {
        while scene.service.endpoint.legs() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("no leg is left");
    assert!(
        scene
            .pbx
            .cli("core show channels")
            .contains("0 active calls")
    );
    // Through a line that does not exist.
    let leg = scene.service.endpoint.place(line(), "600", stream());
    assert_eq!(scene.ends(leg).await, LegEnd::Failed);
}
