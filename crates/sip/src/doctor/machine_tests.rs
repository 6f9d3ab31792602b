use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Digit, Direction, Law};
use model::call::Caller;
use model::doctor::{Cause, Check, Reply, Request, Verdict};
use model::pbx::{Fault, Transport};

use super::{Awaits, Machine, Output, Patience, Side, Subject};
use crate::digest::Challenge;
use crate::doctor::words::{Input, Knock, Registered};
use crate::event::{LegEnd, Referral};
use crate::registration::Answer;

fn server() -> SocketAddr {
    SocketAddr::from(([203, 0, 113, 5], 5060))
}

fn challenges() -> Vec<Challenge> {
    Challenge::parse("Digest realm=\"r\", nonce=\"n\", algorithm=MD5", false)
}

fn audio(ip: [u8; 4]) -> AudioStream {
    AudioStream {
        address: (ip, 4000).into(),
        formats: vec![Law::A.into()],
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    }
}

fn own(hidden: bool, unsure: bool) -> Awaits {
    Awaits::Own {
        number: "200".into(),
        hidden,
        unsure,
    }
}

/// An examination, and the PBX that a test plays.
struct Scene {
    machine: Machine,
    now: Instant,
    outputs: Vec<Output>,
}

impl Scene {
    fn with(change: impl FnOnce(&mut Subject)) -> Self {
        let mut subject = Subject {
            user: "200".into(),
            proxy: false,
            transport: Transport::Udp,
            interval_s: 120,
            strangers: false,
        };
        change(&mut subject);
        let mut scene = Self {
            machine: Machine::new(subject, Patience::default()),
            now: Instant::now(),
            outputs: Vec::new(),
        };
        scene.machine.start();
        scene.drain();
        scene
    }

    fn drain(&mut self) {
        self.outputs.clear();
        while let Some(output) = self.machine.poll_output() {
            self.outputs.push(output);
        }
    }

    fn take(&mut self, input: Input) {
        self.machine.handle(self.now, input);
        self.drain();
    }

    fn time_out(&mut self) {
        self.now = self.machine.poll_timeout().expect("a time-out");
        self.machine.time_out(self.now);
        self.drain();
    }

    /// Answers the REGISTER that is under way; whether it had a login and a contact.
    fn answer(&mut self, code: u16, change: impl FnOnce(&mut Registered)) -> (bool, bool) {
        let asked = self.outputs.iter().find_map(|output| match output {
            Output::Register {
                number,
                logins,
                contact,
                ..
            } => Some((*number, !logins.is_empty(), *contact)),
            _ => None,
        });
        let (number, login, contact) = asked.expect("a REGISTER");
        let mut registered = Registered {
            answer: Answer {
                code,
                listed: true,
                challenges: match code {
                    401 => challenges(),
                    _ => Vec::new(),
                },
                ..Answer::default()
            },
            lists: true,
        };
        change(&mut registered);
        self.take(Input::Registered(number, Ok(registered)));
        (login, contact)
    }

    fn resolved() -> Self {
        let mut scene = Self::with(|_| {});
        scene.take(Input::Resolved(Ok(vec![server()])));
        scene
    }

    /// Up to where it calls itself.
    fn placing() -> Self {
        let mut scene = Self::resolved();
        for (code, asked) in [
            (401, (false, true)),
            (200, (true, true)),
            (401, (false, true)),
            (200, (true, true)),
        ] {
            assert_eq!(scene.answer(code, |_| {}), asked);
        }
        assert!(scene.outputs.contains(&Output::Place));
        scene
    }

    /// Up to where the called side of its own call is answered and confirmed.
    fn half_agreed() -> Self {
        let mut scene = Self::placing();
        scene.arrives(Some("200"), server());
        let (side, audio) = (Side::Called, audio([203, 0, 113, 5]));
        scene.take(Input::Agreed { side, audio });
        scene
    }

    /// Up to where a key is pressed at the calling side.
    fn pressing() -> Self {
        let mut scene = Self::talking([203, 0, 113, 5]);
        for side in [Side::Called, Side::Calling] {
            scene.take(Input::Voice { side, ms: 2000 });
        }
        scene
    }

    fn presses(&mut self, side: Side, key: char) {
        let digit = Digit::from_char(key).expect("a key");
        let in_message = false;
        self.take(Input::Key {
            side,
            digit,
            in_message,
        });
    }

    fn arrives(&mut self, number: Option<&str>, from: SocketAddr) {
        let caller = Caller {
            number: number.map(str::to_owned),
            name: None,
        };
        self.take(Input::Arrived { caller, from });
        assert!(self.outputs.contains(&Output::Answer));
    }

    /// Up to where both sides talk.
    fn talking(ip: [u8; 4]) -> Self {
        let mut scene = Self::placing();
        scene.arrives(Some("200"), server());
        for side in [Side::Called, Side::Calling] {
            let audio = audio(ip);
            scene.take(Input::Agreed { side, audio });
        }
        assert!(scene.outputs.contains(&Output::Speak(Side::Calling)));
        scene
    }

    fn found(&self, check: Check) -> (Verdict, Option<Cause>) {
        let finding = self.machine.report().of(check).expect("a finding");
        (finding.verdict, finding.cause.clone())
    }

    fn failed(&self, check: Check) -> Cause {
        let (verdict, cause) = self.found(check);
        assert_eq!(verdict, Verdict::Failed);
        cause.expect("a cause")
    }
}

#[test]
fn everything_is_checked_in_its_order_and_passes() {
    let mut scene = Scene::talking([203, 0, 113, 5]);
    for side in [Side::Called, Side::Calling] {
        scene.take(Input::Voice { side, ms: 2000 });
    }
    for pressed in [Side::Calling, Side::Called] {
        let press = scene.outputs.iter().find_map(|output| match output {
            Output::Press(side, digit) => Some((*side, *digit)),
            _ => None,
        });
        let (side, digit) = press.expect("a key");
        assert_eq!(side, pressed);
        let other = match side {
            Side::Calling => Side::Called,
            Side::Called => Side::Calling,
        };
        let in_message = false;
        scene.take(Input::Key {
            side: other,
            digit,
            in_message,
        });
    }
    assert!(scene.outputs.contains(&Output::Hold(true)));
    scene.take(Input::Examined(Some(200)));
    assert!(scene.outputs.contains(&Output::Hold(false)));
    scene.take(Input::Examined(Some(200)));
    scene.time_out();
    // A customer who calls meanwhile is nobody of the doctor's.
    assert!(scene.outputs.contains(&Output::Await(own(false, false))));
    assert!(scene.outputs.contains(&Output::Transfer));
    assert_eq!(scene.machine.report().request, None);
    scene.take(Input::Referred(Referral::Going));
    assert!(!scene.machine.report().done);
    scene.take(Input::Referred(Referral::NotConnected { code: 486 }));
    let report = scene.machine.report();
    let checks: Vec<_> = report.findings.iter().map(|f| f.check).collect();
    assert_eq!(checks, Check::ALL);
    assert!(report.findings.iter().all(|f| f.verdict == Verdict::Passed));
    assert!(report.done && scene.machine.is_over());
    assert!(scene.outputs.contains(&Output::HangUp(Side::Called)));
}

#[test]
fn a_name_that_leads_nowhere_ends_it_and_the_rest_is_left_out() {
    let mut scene = Scene::with(|_| {});
    scene.take(Input::Resolved(Err(Fault::NameNotResolved)));
    assert_eq!(scene.failed(Check::Name), Cause::NameNotResolved);
    assert_eq!(scene.found(Check::Transfer).0, Verdict::Skipped);
    let mut scene = Scene::with(|subject| subject.proxy = true);
    scene.take(Input::Resolved(Err(Fault::NameNotResolved)));
    assert_eq!(scene.failed(Check::Name), Cause::ProxyNotResolved);
}

#[test]
fn the_next_server_is_tried_before_a_port_is_called_closed() {
    let mut scene = Scene::with(|_| {});
    let other = SocketAddr::from(([203, 0, 113, 6], 5060));
    scene.take(Input::Resolved(Ok(vec![server(), other])));
    scene.time_out();
    scene.time_out();
    assert!(scene.outputs.contains(&Output::Knock { server: other }));
    scene.take(Input::Knocked(Knock::Closed));
    assert_eq!(scene.failed(Check::Reach), Cause::PortClosed);
}

#[test]
fn a_refused_login_is_told_from_a_full_list_by_asking_what_is_registered() {
    for (code, cause) in [(403, Cause::WrongPassword), (200, Cause::RegistrationLimit)] {
        let mut scene = Scene::resolved();
        scene.answer(401, |_| {});
        scene.answer(403, |_| {});
        assert_eq!(scene.answer(code, |_| {}), (true, false));
        assert_eq!(scene.failed(Check::Register), cause);
    }
}

#[test]
fn endless_challenges_are_a_wrong_password_at_first_and_a_refused_nonce_later() {
    let mut scene = Scene::resolved();
    for _ in 0..3 {
        scene.answer(401, |_| {});
    }
    assert_eq!(scene.failed(Check::Register), Cause::WrongPassword);
    let mut scene = Scene::resolved();
    scene.answer(401, |_| {});
    scene.answer(200, |_| {});
    for _ in 0..3 {
        scene.answer(401, |_| {});
    }
    assert_eq!(scene.failed(Check::Nonce), Cause::NonceRefused);
}

#[test]
fn a_registration_that_is_short_or_somebody_elses_is_told() {
    let mut scene = Scene::resolved();
    scene.answer(200, |r| r.answer.granted_s = Some(5));
    let short = Cause::ShortLived { granted_s: 5 };
    assert_eq!(scene.found(Check::Register), (Verdict::Warned, Some(short)));
    assert_eq!(scene.found(Check::Nonce).0, Verdict::Skipped);
    let mut scene = Scene::resolved();
    scene.answer(200, |r| r.answer.listed = false);
    assert_eq!(scene.failed(Check::Register), Cause::ContactChanged);
    let mut scene = Scene::resolved();
    for _ in 0..2 {
        scene.answer(423, |r| r.answer.min_expires_s = Some(600));
    }
    assert_eq!(scene.failed(Check::Register), Cause::IntervalRefused);
}

#[test]
fn where_it_cant_call_itself_a_person_is_asked() {
    let mut scene = Scene::placing();
    let (side, cause) = (Side::Calling, LegEnd::Refused { code: 404 });
    scene.take(Input::Ended { side, cause });
    assert_eq!(scene.machine.report().request, Some(Request::Call));
    assert!(scene.outputs.contains(&Output::Await(Awaits::Extensions)));
    scene.arrives(Some("200"), server());
    let shown = (Verdict::Warned, Some(Cause::CallerIsLine));
    assert_eq!(scene.found(Check::Caller), shown);
    let (side, audio) = (Side::Called, audio([203, 0, 113, 5]));
    scene.take(Input::Agreed { side, audio });
    assert_eq!(scene.machine.report().request, Some(Request::Speak));
    scene.take(Input::Voice { side, ms: 900 });
    assert_eq!(scene.machine.report().request, Some(Request::Hear));
    let digit = Digit::from_char('2').expect("a key");
    let in_message = true;
    scene.take(Input::Key {
        side,
        digit,
        in_message,
    });
    assert_eq!(scene.failed(Check::SoundOut), Cause::NotHeardThere);
    let keys = (Verdict::Warned, Some(Cause::KeysInMessages));
    assert_eq!(scene.found(Check::Keys), keys);
}

#[test]
fn nobody_calls_or_the_call_is_left_out() {
    let mut scene = Scene::placing();
    scene.time_out();
    scene.time_out();
    assert_eq!(scene.failed(Check::Arrival), Cause::NeverArrives);
    let mut scene = Scene::placing();
    scene.time_out();
    scene.take(Input::Replied(Reply::Skip));
    assert_eq!(scene.found(Check::Arrival).0, Verdict::Skipped);
    assert!(scene.machine.is_over());
}

#[test]
fn a_call_is_never_confirmed_or_ends_by_itself() {
    let mut scene = Scene::placing();
    scene.arrives(None, SocketAddr::from(([198, 51, 100, 1], 5060)));
    let hidden = (Verdict::Warned, Some(Cause::CallerHidden));
    assert_eq!(scene.found(Check::Caller), hidden);
    assert_eq!(scene.found(Check::Arrival).0, Verdict::Warned);
    scene.time_out();
    assert_eq!(scene.failed(Check::Stays), Cause::NotConfirmed);
    for (seconds, cause) in [
        (30, Cause::EndsAfter { seconds: 30 }),
        (32, Cause::ConfirmationLost),
    ] {
        let mut scene = Scene::talking([203, 0, 113, 5]);
        scene.now += Duration::from_secs(seconds);
        let (side, cause_of) = (Side::Calling, LegEnd::HungUp);
        scene.take(Input::Ended {
            side,
            cause: cause_of,
        });
        assert_eq!(scene.failed(Check::Stays), cause);
    }
}

#[test]
fn silence_is_blamed_on_a_private_address_where_there_is_one() {
    let mut scene = Scene::talking([192, 168, 0, 5]);
    scene.time_out();
    let address = SocketAddr::from(([192, 168, 0, 5], 4000));
    assert_eq!(
        scene.failed(Check::SoundIn),
        Cause::PrivateAddress { address }
    );
    let mut scene = Scene::talking([203, 0, 113, 5]);
    scene.take(Input::Voice {
        side: Side::Called,
        ms: 40,
    });
    assert_eq!(scene.failed(Check::SoundIn), Cause::NothingHeard);
    scene.time_out();
    assert_eq!(scene.failed(Check::SoundOut), Cause::NotHeardThere);
    // Keys travel with the sound, so nothing is said of them.
    assert!(scene.outputs.contains(&Output::Hold(true)));
    let (side, cause) = (Side::Called, LegEnd::HungUp);
    scene.take(Input::Ended { side, cause });
    assert_eq!(scene.failed(Check::Hold), Cause::HoldEnds);
}

#[test]
fn a_call_that_may_be_its_own_is_told_by_hanging_up() {
    for number in [Some("101"), None] {
        let mut scene = Scene::placing();
        assert!(scene.outputs.contains(&Output::Await(own(false, true))));
        let caller = Caller {
            number: number.map(str::to_owned),
            name: None,
        };
        scene.take(Input::Held { caller });
        assert!(scene.outputs.contains(&Output::HangUp(Side::Calling)));
        let (side, cause) = (Side::Called, LegEnd::Cancelled);
        scene.take(Input::Ended { side, cause });
        scene.time_out();
        let known = Awaits::Own {
            number: number.unwrap_or("200").into(),
            hidden: number.is_none(),
            unsure: false,
        };
        assert!(scene.outputs.contains(&Output::Await(known)));
        assert!(scene.outputs.contains(&Output::Place));
        scene.arrives(number, server());
    }
}

#[test]
fn a_customers_call_that_comes_meanwhile_goes_its_way() {
    let mut scene = Scene::placing();
    for unsure in [true, false] {
        let caller = Caller::default();
        scene.take(Input::Held { caller });
        let (side, cause) = (Side::Calling, LegEnd::Released);
        scene.take(Input::Ended { side, cause });
        assert!(!scene.outputs.contains(&Output::Release));
        scene.time_out();
        assert!(scene.outputs.contains(&Output::Release));
        scene.time_out();
        assert!(scene.outputs.contains(&Output::Await(own(false, unsure))));
    }
    // Whoever breaks off lets it go as well.
    let mut scene = Scene::placing();
    let caller = Caller::default();
    scene.take(Input::Held { caller });
    scene.machine.finish();
    scene.drain();
    let at = |output| scene.outputs.iter().position(|o| *o == output);
    assert!(at(Output::Release) < at(Output::HangUp(Side::Called)));
}

#[test]
fn an_answer_that_is_kept_from_the_caller_is_no_lost_confirmation() {
    let mut scene = Scene::half_agreed();
    scene.time_out();
    assert_eq!(scene.failed(Check::Stays), Cause::AnswerKept);
}

#[test]
fn a_refused_invitation_is_told_at_once() {
    for (code, check, cause) in [
        (488, Check::Codec, Cause::NoCommonCodec),
        (420, Check::Arrival, Cause::InvitationRefused { code: 420 }),
    ] {
        let mut scene = Scene::placing();
        scene.time_out();
        scene.take(Input::Refused { code });
        assert_eq!(scene.failed(check), cause);
        assert!(scene.machine.is_over());
    }
}

#[test]
fn another_key_than_the_one_pressed_does_not_pass() {
    let mut scene = Scene::pressing();
    scene.presses(Side::Called, '6');
    assert_eq!(scene.failed(Check::Keys), Cause::KeysChanged);
    let mut scene = Scene::pressing();
    scene.presses(Side::Called, '5');
    scene.presses(Side::Calling, '5');
    assert_eq!(scene.failed(Check::Keys), Cause::KeysChanged);
}

#[test]
fn a_person_is_asked_to_stay_until_the_rest_is_checked() {
    let mut scene = Scene::placing();
    scene.time_out();
    scene.arrives(Some("101"), server());
    let (side, audio) = (Side::Called, audio([203, 0, 113, 5]));
    scene.take(Input::Agreed { side, audio });
    scene.take(Input::Voice { side, ms: 900 });
    scene.now += Duration::from_secs(5);
    scene.presses(Side::Called, '1');
    let stays = |scene: &Scene, seconds| {
        let report = scene.machine.report();
        assert_eq!(report.request, Some(Request::Stay));
        assert_eq!(report.remaining_s, Some(seconds));
    };
    stays(&scene, 30);
    scene.time_out();
    stays(&scene, 29);
    for _ in 0..2 {
        scene.take(Input::Examined(Some(200)));
    }
    stays(&scene, 29);
    for left in (0..29).rev() {
        scene.time_out();
        if left > 0 {
            stays(&scene, left);
        }
    }
    assert_eq!(scene.found(Check::Stays).0, Verdict::Passed);
    // An employee who calls may be the transferred one; a customer is not.
    assert!(scene.outputs.contains(&Output::Await(Awaits::Extensions)));
    stays(&scene, 12);
    scene.take(Input::Referred(Referral::Connected));
    let report = scene.machine.report();
    assert!(report.done && report.request.is_none() && report.remaining_s.is_none());
    assert_eq!(scene.found(Check::Transfer).0, Verdict::Passed);
}

#[test]
fn a_transfer_is_not_blamed_where_the_person_hung_up() {
    let mut scene = Scene::placing();
    scene.time_out();
    scene.arrives(Some("101"), server());
    let (side, audio) = (Side::Called, audio([203, 0, 113, 5]));
    scene.take(Input::Agreed { side, audio });
    scene.take(Input::Voice { side, ms: 900 });
    scene.presses(Side::Called, '1');
    for _ in 0..2 {
        scene.take(Input::Examined(Some(200)));
    }
    while !scene.outputs.contains(&Output::Transfer) {
        scene.time_out();
    }
    let cause = LegEnd::HungUp;
    scene.take(Input::Ended { side, cause });
    assert_eq!(scene.found(Check::Stays).0, Verdict::Passed);
    assert_eq!(scene.found(Check::Transfer).0, Verdict::Skipped);
}
