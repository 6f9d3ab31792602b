//! The doctor of connections is given broken PBXs, and names the cause of each.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use model::doctor::{Cause, Check, Report, Verdict};
use model::id::LineId;
use model::pbx::{CertificateFlaw, PbxAccount, Transport, Trust};
use model::secret::Secret;
use sim::pbx::broken::{BrokenPbx, CUSTOMER, Flaw, OWN, PASSWORD, Paper, USER, tls_port};
use sim::pbx::{Animal, Extension, Pbx};
use sip::{Endpoint, EndpointConfig, Event, Patience};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

#[path = "support/telephones.rs"]
mod telephones;

use telephones::telephones;

/// Longer than any examination takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(150);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn account(server: SocketAddr) -> PbxAccount {
    PbxAccount {
        user: USER.into(),
        password: Secret::new(PASSWORD),
        server: server.to_string(),
        proxy: None,
        auth_name: None,
        port: None,
        transport: Transport::Udp,
        interval_s: 120,
        trust: Trust::Public,
        codecs: model::audio::Codec::ALL.to_vec(),
    }
}

/// What the doctor finds at a line with this account that nobody serves. No
/// call of the doctor's is told to anybody.
async fn examined(account: PbxAccount, patience: Patience) -> Report {
    let (report, others) = examined_beside(account, patience, true).await;
    assert!(others.is_empty(), "{others:?}");
    report
}

/// The same at a line that operators serve.
async fn examined_connected(flaw: Flaw) -> (Report, Vec<Event>) {
    let pbx = BrokenPbx::start(flaw).await.expect("a PBX");
    examined_beside(account(pbx.address()), quick(), false).await
}

/// What the doctor finds, and what the product heard of calls meanwhile.
async fn examined_beside(
    account: PbxAccount,
    patience: Patience,
    strangers: bool,
) -> (Report, Vec<Event>) {
    let (tell, mut events) = mpsc::channel(100);
    let config = EndpointConfig {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        // Nobody listens there: names lead nowhere at once.
        name_servers: vec![(HERE, 1).into()],
        ..EndpointConfig::at((HERE, 0).into())
    };
    let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
    let line = LineId(Uuid::now_v7());
    endpoint.connect(line, Uuid::new_v4().simple().to_string(), account);
    // The standing registration is made, or has failed: the doctor works beside it.
    endpoint.await_outcome(line, Duration::from_secs(15)).await;
    let (sound, observed) = telephones();
    let engine = sound.engine.clone();
    let mut examination = endpoint
        .examine(line, strangers, patience, sound, observed)
        .expect("a doctor");
    let done = examination.report.wait_for(|report| report.done);
    let report = timeout(SOON, done)
        .await
        .expect("in time")
        .expect("told")
        .clone();
    drop(examination);
    let mut others = Vec::new();
    while let Ok(event) = events.try_recv() {
        if !matches!(event, Event::Line { .. }) {
            others.push(event);
        }
    }
    endpoint.shutdown().await;
    engine.shutdown();
    (report, others)
}

/// Who called, where one call reached the product and still goes on.
#[track_caller]
fn only_caller(events: &[Event]) -> Option<&str> {
    let [Event::Incoming { caller, .. }] = events else {
        panic!("one call: {events:?}");
    };
    caller.number.as_deref()
}

fn quick() -> Patience {
    Patience {
        person: Duration::from_secs(2),
        stays: Duration::from_secs(1),
        ..Patience::default()
    }
}

#[track_caller]
fn assert_cause(report: &Report, check: Check, verdict: Verdict, cause: &Cause) {
    let finding = report.of(check).expect("a finding");
    assert_eq!(
        (finding.verdict, finding.cause.as_ref()),
        (verdict, Some(cause)),
        "{report:#?}"
    );
    assert_blamed(report, |other| other == cause);
}

/// Nothing but this is blamed.
#[track_caller]
fn assert_blamed(report: &Report, is_cause: impl Fn(&Cause) -> bool) {
    let blamed = report
        .findings
        .iter()
        .filter(|f| matches!(f.verdict, Verdict::Warned | Verdict::Failed));
    let others: Vec<_> = blamed
        .filter(|f| !f.cause.as_ref().is_some_and(&is_cause))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[track_caller]
fn assert_whole(report: &Report) {
    let passed = |f: &model::doctor::Finding| f.verdict == Verdict::Passed;
    assert!(report.findings.iter().all(passed), "{report:#?}");
    assert_eq!(report.findings.len(), Check::ALL.len());
}

/// A PBX with this flaw fails this check for this cause.
async fn fails(flaw: Flaw, check: Check, cause: Cause) {
    let pbx = BrokenPbx::start(flaw).await.expect("a PBX");
    let report = examined(account(pbx.address()), quick()).await;
    assert_cause(&report, check, Verdict::Failed, &cause);
}

async fn warns(flaw: Flaw, check: Check, cause: Cause) {
    let pbx = BrokenPbx::start(flaw).await.expect("a PBX");
    let report = examined(account(pbx.address()), quick()).await;
    assert_cause(&report, check, Verdict::Warned, &cause);
}

#[tokio::test]
async fn a_healthy_pbx_passes_every_check() {
    let pbx = BrokenPbx::start(Flaw::None).await.expect("a PBX");
    let report = examined(account(pbx.address()), Patience::default()).await;
    assert_whole(&report);
}

/// What is found at a PBX of the zoo.
async fn at_animal(name: &str) -> Report {
    let extension = Extension {
        user: USER.into(),
        password: Secret::new(PASSWORD),
    };
    let animal = Animal::named(name).expect("an animal");
    let pbx = Pbx::start(animal.config((HERE, 0).into(), vec![extension])).await;
    let pbx = pbx.expect("started");
    examined(account(pbx.address()), quick()).await
}

#[tokio::test]
async fn the_plain_pbx_of_the_zoo_is_examined_to_the_end() {
    let report = at_animal("plain").await;
    // It does not know REFER.
    let cause = Cause::TransferRefused { code: Some(501) };
    assert_cause(&report, Check::Transfer, Verdict::Warned, &cause);
    let skipped = |f: &model::doctor::Finding| f.verdict == Verdict::Skipped;
    assert!(!report.findings.iter().any(skipped), "{report:#?}");
}

#[tokio::test]
async fn a_pbx_where_nobody_calls_themselves_needs_a_person() {
    let report = at_animal("never-itself").await;
    assert_cause(
        &report,
        Check::Arrival,
        Verdict::Failed,
        &Cause::NeverArrives,
    );
}

#[tokio::test]
async fn its_own_call_is_known_where_another_number_is_shown() {
    let (report, others) = examined_connected(Flaw::ShowsAnother).await;
    assert_whole(&report);
    let shown = report.of(Check::Caller).and_then(|f| f.detail.as_deref());
    assert_eq!(shown, Some(OWN));
    assert!(others.is_empty(), "{others:?}");
}

#[tokio::test]
async fn its_own_call_is_known_where_the_caller_is_hidden() {
    let (report, others) = examined_connected(Flaw::HidesCaller).await;
    assert_cause(
        &report,
        Check::Caller,
        Verdict::Warned,
        &Cause::CallerHidden,
    );
    assert!(others.is_empty(), "{others:?}");
    // The whole of it was done.
    assert!(
        report
            .findings
            .iter()
            .all(|f| f.verdict != Verdict::Skipped)
    );
}

#[tokio::test]
async fn a_hidden_customer_who_calls_first_is_not_taken() {
    let (report, others) = examined_connected(Flaw::CustomerFirst).await;
    assert_eq!(only_caller(&others), None);
    assert_cause(
        &report,
        Check::Caller,
        Verdict::Warned,
        &Cause::CallerHidden,
    );
}

#[tokio::test]
async fn a_customer_who_calls_during_the_transfer_is_not_taken() {
    let (report, others) = examined_connected(Flaw::CustomerDuringTransfer).await;
    assert_eq!(only_caller(&others), Some(CUSTOMER));
    assert_cause(
        &report,
        Check::Transfer,
        Verdict::Warned,
        &Cause::TransferSilent,
    );
}

#[tokio::test]
async fn wrong_password() {
    let pbx = BrokenPbx::start(Flaw::None).await.expect("a PBX");
    let account = PbxAccount {
        password: Secret::new("wrong"),
        ..account(pbx.address())
    };
    let report = examined(account, quick()).await;
    assert_cause(
        &report,
        Check::Register,
        Verdict::Failed,
        &Cause::WrongPassword,
    );
}

#[tokio::test]
async fn unknown_user() {
    fails(
        Flaw::Answers(404),
        Check::Register,
        Cause::UserRefused { code: 404 },
    )
    .await;
}

#[tokio::test]
async fn closed_udp_port() {
    let socket = UdpSocket::bind((HERE, 0)).await.expect("a port");
    let at = socket.local_addr().expect("its address");
    drop(socket);
    let report = examined(account(at), quick()).await;
    assert_cause(&report, Check::Reach, Verdict::Failed, &Cause::PortClosed);
}

#[tokio::test]
async fn closed_tcp_port() {
    let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
    let at = listener.local_addr().expect("its address");
    drop(listener);
    let account = PbxAccount {
        transport: Transport::Tcp,
        ..account(at)
    };
    let report = examined(account, quick()).await;
    assert_cause(&report, Check::Reach, Verdict::Failed, &Cause::PortClosed);
}

#[tokio::test]
async fn name_not_resolved() {
    let account = PbxAccount {
        server: "pbx.broken.example".into(),
        ..account((HERE, 5060).into())
    };
    let report = examined(account, quick()).await;
    assert_cause(
        &report,
        Check::Name,
        Verdict::Failed,
        &Cause::NameNotResolved,
    );
}

#[tokio::test]
async fn wrong_outbound_proxy() {
    let pbx = BrokenPbx::start(Flaw::None).await.expect("a PBX");
    let hole = BrokenPbx::start(Flaw::BlackHole).await.expect("a PBX");
    let account = PbxAccount {
        proxy: Some(hole.address().to_string()),
        ..account(pbx.address())
    };
    let report = examined(account, quick()).await;
    assert_cause(
        &report,
        Check::Reach,
        Verdict::Failed,
        &Cause::ProxyUnreachable,
    );
}

#[tokio::test]
async fn address_not_allowed() {
    let account = account(SocketAddr::from(([10, 0, 0, 1], 5060)));
    let report = examined(account, quick()).await;
    assert_cause(
        &report,
        Check::Name,
        Verdict::Failed,
        &Cause::AddressNotAllowed,
    );
}

#[tokio::test]
async fn no_answer() {
    fails(Flaw::BlackHole, Check::Reach, Cause::NoAnswer).await;
}

#[tokio::test]
async fn registration_limit() {
    fails(Flaw::Full, Check::Register, Cause::RegistrationLimit).await;
}

#[tokio::test]
async fn always_unavailable() {
    fails(
        Flaw::Answers(503),
        Check::Register,
        Cause::Unavailable { code: 503 },
    )
    .await;
}

#[tokio::test]
async fn no_interval_is_long_enough() {
    fails(
        Flaw::NeverLongEnough,
        Check::Register,
        Cause::IntervalRefused,
    )
    .await;
}

#[tokio::test]
async fn registration_of_five_seconds() {
    warns(
        Flaw::ShortLeash,
        Check::Register,
        Cause::ShortLived { granted_s: 5 },
    )
    .await;
}

#[tokio::test]
async fn no_login_twice() {
    fails(Flaw::ForgetsLogins, Check::Nonce, Cause::NonceRefused).await;
}

#[tokio::test]
async fn mangled_contact() {
    fails(Flaw::ManglesContact, Check::Register, Cause::ContactChanged).await;
}

async fn certificate(paper: Paper, known: bool, flaw: CertificateFlaw) {
    let (at, certificate) = tls_port(paper).await.expect("a port");
    let account = PbxAccount {
        transport: Transport::Tls,
        trust: match known {
            true => Trust::Authority { certificate },
            false => Trust::Public,
        },
        ..account(at)
    };
    let report = examined(account, quick()).await;
    assert_cause(
        &report,
        Check::Reach,
        Verdict::Failed,
        &Cause::Certificate { flaw },
    );
}

#[tokio::test]
async fn expired_certificate() {
    certificate(Paper::Expired, true, CertificateFlaw::Expired).await;
}

#[tokio::test]
async fn certificate_of_another_name() {
    certificate(Paper::AnotherName, true, CertificateFlaw::Name).await;
}

#[tokio::test]
async fn certificate_of_an_unknown_authority() {
    certificate(Paper::Private, false, CertificateFlaw::Issuer).await;
}

#[tokio::test]
async fn tls_on_a_plain_port() {
    let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
    let at = listener.local_addr().expect("its address");
    let _held = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // What is no message ends the connection.
            drop(stream);
        }
    });
    let account = PbxAccount {
        transport: Transport::Tls,
        ..account(at)
    };
    let report = examined(account, quick()).await;
    assert_cause(&report, Check::Reach, Verdict::Failed, &Cause::PlainPort);
}

#[tokio::test]
async fn calls_never_arrive() {
    fails(Flaw::CallsNobody, Check::Arrival, Cause::NeverArrives).await;
}

#[tokio::test]
async fn calls_arrive_from_elsewhere() {
    let pbx = BrokenPbx::start(Flaw::CallsFromElsewhere)
        .await
        .expect("a PBX");
    let report = examined(account(pbx.address()), quick()).await;
    let other = |at: &SocketAddr| at.ip() == HERE && *at != pbx.address();
    let is_cause =
        |cause: &Cause| matches!(cause, Cause::ArrivesFromElsewhere { address } if other(address));
    let finding = report.of(Check::Arrival).expect("a finding");
    assert_eq!(finding.verdict, Verdict::Warned, "{report:#?}");
    assert_blamed(&report, is_cause);
}

#[tokio::test]
async fn only_a_codec_that_nobody_here_has() {
    fails(Flaw::OnlyG729, Check::Codec, Cause::NoCommonCodec).await;
}

#[tokio::test]
async fn a_persons_call_without_a_common_codec_is_told_at_once() {
    fails(Flaw::OthersOnlyG729, Check::Codec, Cause::NoCommonCodec).await;
}

#[tokio::test]
async fn a_persons_call_that_nobody_can_read_is_told_at_once() {
    let refused = Cause::InvitationRefused { code: 400 };
    fails(Flaw::Unreadable, Check::Arrival, refused).await;
}

#[tokio::test]
async fn a_call_that_requires_what_nobody_can_is_told_at_once() {
    let refused = Cause::InvitationRefused { code: 420 };
    fails(Flaw::RequiresMore, Check::Arrival, refused).await;
}

#[tokio::test]
async fn caller_hidden() {
    warns(Flaw::HidesCaller, Check::Caller, Cause::CallerHidden).await;
}

#[tokio::test]
async fn caller_shown_as_the_line() {
    let pbx = BrokenPbx::start(Flaw::ShowsLine).await.expect("a PBX");
    let report = examined(account(pbx.address()), quick()).await;
    let finding = report.of(Check::Caller).expect("a finding");
    assert_eq!(finding.verdict, Verdict::Warned, "{report:#?}");
    // Nobody speaks into the telephone here.
    let silence = |cause: &Cause| *cause == Cause::NothingHeard;
    assert_blamed(&report, |cause| {
        *cause == Cause::CallerIsLine || silence(cause)
    });
}

#[tokio::test]
async fn answer_kept_from_the_caller() {
    fails(Flaw::KeepsAnswer, Check::Stays, Cause::AnswerKept).await;
}

#[tokio::test]
async fn answer_never_acknowledged() {
    fails(Flaw::LosesAck, Check::Stays, Cause::NotConfirmed).await;
}

#[tokio::test]
async fn acknowledgement_lost_on_its_way() {
    let pbx = BrokenPbx::start(Flaw::MissesAck).await.expect("a PBX");
    let report = examined(account(pbx.address()), Patience::default()).await;
    assert_cause(
        &report,
        Check::Stays,
        Verdict::Failed,
        &Cause::ConfirmationLost,
    );
}

#[tokio::test]
async fn calls_are_cut_off() {
    let pbx = BrokenPbx::start(Flaw::CutsOff).await.expect("a PBX");
    let report = examined(account(pbx.address()), Patience::default()).await;
    let finding = report.of(Check::Stays).expect("a finding");
    assert_eq!(finding.verdict, Verdict::Failed, "{report:#?}");
    assert_blamed(&report, |cause| {
        matches!(cause, Cause::EndsAfter { seconds: 11..=13 })
    });
}

#[tokio::test]
async fn pbx_sends_no_sound() {
    fails(Flaw::SendsNoSound, Check::SoundIn, Cause::NothingHeard).await;
}

#[tokio::test]
async fn pbx_hears_no_sound() {
    fails(Flaw::HearsNoSound, Check::SoundOut, Cause::NotHeardThere).await;
}

#[tokio::test]
async fn sound_at_a_private_address() {
    let pbx = BrokenPbx::start(Flaw::PrivateAddress).await.expect("a PBX");
    let report = examined(account(pbx.address()), quick()).await;
    for check in [Check::SoundIn, Check::SoundOut] {
        let finding = report.of(check).expect("a finding");
        assert_eq!(finding.verdict, Verdict::Failed, "{report:#?}");
    }
    let private = |at: &SocketAddr| at.ip() == IpAddr::from([10, 255, 255, 1]);
    assert_blamed(
        &report,
        |cause| matches!(cause, Cause::PrivateAddress { address } if private(address)),
    );
}

#[tokio::test]
async fn keys_are_lost() {
    fails(Flaw::DropsKeys, Check::Keys, Cause::KeysLost).await;
}

#[tokio::test]
async fn other_keys_arrive() {
    fails(Flaw::ChangesKeys, Check::Keys, Cause::KeysChanged).await;
}

#[tokio::test]
async fn keys_come_as_messages() {
    warns(Flaw::KeysAsInfo, Check::Keys, Cause::KeysInMessages).await;
}

#[tokio::test]
async fn hold_is_refused() {
    fails(
        Flaw::RefusesHold,
        Check::Hold,
        Cause::HoldRefused { code: Some(488) },
    )
    .await;
}

#[tokio::test]
async fn hold_ends_the_call() {
    fails(Flaw::HangsUpOnHold, Check::Hold, Cause::HoldEnds).await;
}

#[tokio::test]
async fn transfer_is_not_allowed() {
    let cause = Cause::TransferRefused { code: Some(405) };
    warns(Flaw::RefusesTransfer(405), Check::Transfer, cause).await;
}

#[tokio::test]
async fn transfer_is_declined() {
    let cause = Cause::TransferRefused { code: Some(603) };
    warns(Flaw::RefusesTransfer(603), Check::Transfer, cause).await;
}

#[tokio::test]
async fn transfer_is_promised_and_never_told_of() {
    warns(Flaw::SilentTransfer, Check::Transfer, Cause::TransferSilent).await;
}
