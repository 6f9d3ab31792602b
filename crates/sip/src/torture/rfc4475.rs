//! RFC 4475, sections 3.1 to 3.4. We are the user agent that is asked: no
//! registrar, and no proxy.

use model::audio::Law;
use model::call::Caller;

use super::{Scene, file, with};
use crate::event::Refusal;
use crate::wire::ALLOW;

fn message(name: &str) -> Vec<u8> {
    file(&format!("rfc4475/{name}"))
}

/// The message gets this code, and nothing else happens.
async fn answered(name: &str, code: u16) -> super::Answer {
    let mut scene = Scene::set().await;
    scene.answered(&message(name), code).await
}

/// A REGISTER is understood, and not our business.
async fn understood(name: &str) {
    let answer = answered(name, 405).await;
    assert!(answer.has(&format!("Allow: {ALLOW}")), "{}", answer.text);
}

/// The message is a call from `number` with PCMU.
async fn arrives(name: &str, number: &str) {
    arrives_at("user", name, number).await;
}

async fn arrives_at(contact: &str, name: &str, number: &str) {
    let mut scene = Scene::with_lines(&[contact]).await;
    let (leg, caller, audio) = scene.arrives(&message(name)).await;
    let expected = Caller {
        number: Some(number.to_owned()),
        name: None,
    };
    assert_eq!(caller, expected);
    assert_eq!(audio.expect("an offer").formats, [Law::Mu.into()]);
    scene.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(scene.answer().await.code, 486);
}

// 3.1.1 Valid messages

#[tokio::test]
async fn rfc4475_wsinv() {
    let mut scene = Scene::with_lines(&["vivekg"]).await;
    let datagram = message("wsinv");
    // It belongs to a dialog.
    let answer = scene.answered(&datagram, 481).await;
    assert_eq!(answer.values("CSeq"), ["9INVITE"]);
    let again = with(&datagram, "ndaksdj@192", "another@192");
    let mut seat = scene.dialog("wsinv.another@192.0.2.1", "1918181833n");
    let request = scene.reaches(&again, &mut seat).await;
    assert_eq!(request.body.len(), 150);
    let contact = crate::wire::values(&request.headers, "contact").next();
    let target = contact.and_then(crate::wire::parse_uri);
    assert_eq!(
        target.map(|uri| uri.to_string()).as_deref(),
        Some("sip:jdrosen@example.com")
    );
    assert_eq!(crate::wire::number(&request.headers, "cseq"), Some(9));
}

#[tokio::test]
async fn rfc4475_intmeth() {
    answered("intmeth", 501).await;
}

#[tokio::test]
async fn rfc4475_esc01() {
    arrives_at("sips:user@example.com", "esc01", "I have spaces").await;
}

#[tokio::test]
async fn rfc4475_escnull() {
    understood("escnull").await;
}

#[tokio::test]
async fn rfc4475_esc02() {
    // `%` is a letter of the method, and REGISTER is another method.
    answered("esc02", 501).await;
}

#[tokio::test]
async fn rfc4475_lwsdisp() {
    answered("lwsdisp", 200).await;
}

#[tokio::test]
async fn rfc4475_longreq() {
    arrives("longreq", &"amazinglylongcallername".repeat(5)).await;
}

#[tokio::test]
async fn rfc4475_dblreq() {
    let answer = answered("dblreq", 405).await;
    assert_eq!(answer.values("CSeq"), ["8REGISTER"]);
}

#[tokio::test]
async fn rfc4475_semiuri() {
    let mut scene = Scene::with_lines(&["user;par=u@example.net"]).await;
    scene.answered(&message("semiuri"), 200).await;
    // It is not the user part of `user`.
    answered("semiuri", 404).await;
}

#[tokio::test]
async fn rfc4475_transports() {
    let answer = answered("transports", 200).await;
    assert_eq!(answer.values("Via").len(), 5);
}

#[tokio::test]
async fn rfc4475_mpart01() {
    understood("mpart01").await;
}

#[tokio::test]
async fn rfc4475_unreason() {
    let datagram = message("unreason");
    let response = Scene::set().await.heard(&datagram, &datagram).await;
    let response = response.expect("a response");
    assert_eq!(
        (response.status_code.code(), response.body.len()),
        (200, 154)
    );
}

#[tokio::test]
async fn rfc4475_noreason() {
    let datagram = message("noreason");
    let response = Scene::set().await.heard(&datagram, &datagram).await;
    assert_eq!(response.map(|r| r.status_code.code()), Some(100));
}

// 3.1.2 Invalid messages

#[tokio::test]
async fn rfc4475_badinv01() {
    answered("badinv01", 400).await;
}

#[tokio::test]
async fn rfc4475_clerr() {
    answered("clerr", 400).await;
}

#[tokio::test]
async fn rfc4475_ncl() {
    answered("ncl", 400).await;
}

#[tokio::test]
async fn rfc4475_scalar02() {
    answered("scalar02", 400).await;
}

#[tokio::test]
async fn rfc4475_scalarlg() {
    // Its number is too large for any transaction; with one that fits, it is heard.
    let datagram = message("scalarlg");
    let mut scene = Scene::set().await;
    scene.dropped(&datagram).await;
    let fits = with(&datagram, "9292394834772304023312", "2147483647");
    let response = scene.heard(&fits, &fits).await;
    assert_eq!(response.map(|r| r.status_code.code()), Some(503));
    let large = with(&datagram, "9292394834772304023312", "2147483648");
    assert_eq!(scene.heard(&large, &large).await, None);
}

#[tokio::test]
async fn rfc4475_quotbal() {
    // The quote that is missing is put before the address.
    arrives("quotbal", "caller").await;
}

#[tokio::test]
async fn rfc4475_ltgtruri() {
    answered("ltgtruri", 400).await;
}

#[tokio::test]
async fn rfc4475_lwsruri() {
    answered("lwsruri", 400).await;
}

#[tokio::test]
async fn rfc4475_lwsstart() {
    answered("lwsstart", 400).await;
}

#[tokio::test]
async fn rfc4475_trws() {
    answered("trws", 400).await;
}

#[tokio::test]
async fn rfc4475_escruri() {
    answered("escruri", 400).await;
}

#[tokio::test]
async fn rfc4475_baddate() {
    // Nobody here asks what time it is there.
    arrives("baddate", "caller").await;
}

#[tokio::test]
async fn rfc4475_regbadct() {
    answered("regbadct", 400).await;
}

#[tokio::test]
async fn rfc4475_badaspec() {
    // The blanks around the address are taken away.
    let answer = answered("badaspec", 200).await;
    let to = answer.values("To").join("");
    assert!(
        to.starts_with("\"Watson,Thomas\"<sip:t.watson@example.org>;tag="),
        "{to}"
    );
}

#[tokio::test]
async fn rfc4475_baddn() {
    // The quotes that are missing are put around the name.
    let mut scene = Scene::with_lines(&["t.watson"]).await;
    let answer = scene.answered(&message("baddn"), 200).await;
    let from = answer.values("From");
    assert_eq!(
        from,
        ["\"Bell,Alexander\"<sip:a.g.bell@example.com>;tag=43"]
    );
}

#[tokio::test]
async fn rfc4475_badvers() {
    answered("badvers", 505).await;
}

#[tokio::test]
async fn rfc4475_mismatch01() {
    answered("mismatch01", 400).await;
}

#[tokio::test]
async fn rfc4475_mismatch02() {
    answered("mismatch02", 501).await;
}

#[tokio::test]
async fn rfc4475_bigcode() {
    let datagram = message("bigcode");
    // The last 32 bits of its code are 5, those of 4294967496 would be 200.
    let like = with(&datagram, "4294967301", "200");
    let mut scene = Scene::set().await;
    assert_eq!(scene.heard(&datagram, &like).await, None);
    assert!(scene.heard(&like, &like).await.is_some());
}

// 3.2 Transaction layer

#[tokio::test]
async fn rfc4475_badbranch() {
    // Told apart by what RFC 2543 told requests apart by.
    answered("badbranch", 200).await;
}

// 3.3 Application layer

#[tokio::test]
async fn rfc4475_insuf() {
    let answer = answered("insuf", 400).await;
    assert_eq!(answer.values("CSeq"), ["193942INVITE"]);
}

#[tokio::test]
async fn rfc4475_unkscm() {
    answered("unkscm", 416).await;
}

#[tokio::test]
async fn rfc4475_novelsc() {
    answered("novelsc", 416).await;
}

#[tokio::test]
async fn rfc4475_unksm2() {
    understood("unksm2").await;
}

#[tokio::test]
async fn rfc4475_bext01() {
    let answer = answered("bext01", 420).await;
    let unknown = "nothingSupportsThis,nothingSupportsThisEither";
    assert_eq!(answer.values("Unsupported"), [unknown]);
}

#[tokio::test]
async fn rfc4475_invut() {
    let answer = answered("invut", 415).await;
    assert_eq!(answer.values("Accept"), ["application/sdp"]);
}

#[tokio::test]
async fn rfc4475_regaut01() {
    understood("regaut01").await;
}

#[tokio::test]
async fn rfc4475_multi01() {
    answered("multi01", 400).await;
}

#[tokio::test]
async fn rfc4475_mcl01() {
    answered("mcl01", 400).await;
}

#[tokio::test]
async fn rfc4475_bcast() {
    let datagram = message("bcast");
    let second = "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\r\n";
    let mut scene = Scene::set().await;
    assert_eq!(scene.heard(&datagram, &datagram).await, None);
    let ours = with(&datagram, second, "");
    assert!(scene.heard(&ours, &ours).await.is_some());
}

#[tokio::test]
async fn rfc4475_zeromf() {
    // It has arrived and need not go on.
    answered("zeromf", 200).await;
}

#[tokio::test]
async fn rfc4475_cparam01() {
    understood("cparam01").await;
}

#[tokio::test]
async fn rfc4475_cparam02() {
    understood("cparam02").await;
}

#[tokio::test]
async fn rfc4475_regescrt() {
    understood("regescrt").await;
}

#[tokio::test]
async fn rfc4475_sdp01() {
    answered("sdp01", 406).await;
}

// 3.4 Backward compatibility

#[tokio::test]
async fn rfc4475_inv2543() {
    let mut scene = Scene::with_lines(&["UserB"]).await;
    let (leg, caller, audio) = scene.arrives(&message("inv2543")).await;
    assert_eq!(caller.number.as_deref(), Some("+13035551111"));
    assert_eq!(audio.expect("an offer").formats, [Law::Mu.into()]);
    scene.endpoint.refuse(leg, Refusal::Busy);
    let answer = scene.answer().await;
    assert_eq!(answer.code, 486);
    let from = "<sip:+13035551111@ift.client.example.net;user=phone>";
    assert_eq!(
        answer.values("From"),
        [from],
        "no tag that it does not know"
    );
}
