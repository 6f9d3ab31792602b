//! RFC 5118, section 4. The files end where the RFC's lines do: those without
//! a body lack their empty line.

use std::net::SocketAddr;

use model::audio::{AudioStream, Law};

use super::{Scene, file, with};
use crate::event::Refusal;

fn message(name: &str) -> Vec<u8> {
    file(&format!("rfc5118/{name}"))
}

async fn answered(name: &str, code: u16) -> super::Answer {
    Scene::set().await.answered(&message(name), code).await
}

/// Where the caller of this message takes sound.
async fn sound(scene: &mut Scene, datagram: &[u8]) -> SocketAddr {
    let (leg, _, audio) = scene.arrives(datagram).await;
    let AudioStream {
        address, formats, ..
    } = audio.expect("an offer");
    assert_eq!(formats, [Law::Mu.into()]);
    scene.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(scene.answer().await.code, 486);
    address
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn rfc5118_4_1_ipv6_good() {
    // Understood, and we are no registrar.
    answered("4.1_ipv6-good", 405).await;
}

#[tokio::test]
async fn rfc5118_4_2_ipv6_bad() {
    answered("4.2_ipv6-bad", 400).await;
}

#[tokio::test]
async fn rfc5118_4_3_port_ambiguous() {
    // What looks like a port is the address's last group.
    answered("4.3_port-ambiguous", 405).await;
}

#[tokio::test]
async fn rfc5118_4_4_port_unambiguous() {
    answered("4.4_port-unambiguous", 405).await;
}

#[tokio::test]
async fn rfc5118_4_5_via_received_param_no_delim() {
    answered("4.5_via-received-param-no-delim", 200).await;
}

#[tokio::test]
async fn rfc5118_4_5_via_received_param_with_delim() {
    let mut scene = Scene::set().await;
    let datagram = message("4.5_via-received-param-with-delim");
    scene.answered(&datagram, 481).await;
    let again = with(&datagram, "SSG9559905523997077", "another");
    let mut seat = scene.dialog("another@hlau_4100", "bd76ya");
    let request = scene.reaches(&again, &mut seat).await;
    assert_eq!(request.method, rsipstack::sip::Method::Bye);
}

#[tokio::test]
async fn rfc5118_4_6_ipv6_in_sdp() {
    let scene = Scene::set().await;
    let datagram = message("4.6_ipv6-in-sdp");
    // Understood, and only G.726 is offered.
    scene.send(&datagram).await;
    assert_eq!(scene.answer().await.code, 488);
    let mut scene = Scene::set().await;
    let spoken = with(&datagram, "RTP/AVP 2", "RTP/AVP 0");
    let sound = sound(&mut scene, &spoken).await;
    assert_eq!(sound, address("[2001:db8::20]:6000"));
}

#[tokio::test]
async fn rfc5118_4_7_mult_ip_in_header() {
    let mut scene = Scene::set().await;
    let datagram = message("4.7_mult-ip-in-header");
    let answer = scene.answered(&datagram, 481).await;
    assert_eq!(answer.values("Via").len(), 3);
    let again = with(&datagram, "997077@", "another@");
    let mut seat = scene.dialog("another@lau_4100", "9817--94");
    scene.reaches(&again, &mut seat).await;
}

#[tokio::test]
async fn rfc5118_4_8_mult_ip_in_sdp() {
    let mut scene = Scene::set().await;
    let sound = sound(&mut scene, &message("4.8_mult-ip-in-sdp")).await;
    assert_eq!(sound, address("192.0.2.1:22334"));
}

#[tokio::test]
async fn rfc5118_4_9_ipv4_mapped_ipv6() {
    let scene = Scene::set().await;
    let datagram = message("4.9_ipv4-mapped-ipv6");
    scene.send(&datagram).await;
    assert_eq!(scene.answer().await.code, 488);
    let mut scene = Scene::set().await;
    let spoken = with(&datagram, "RTP/AVP 2", "RTP/AVP 0");
    // It is an IPv4 address, whatever it is written as.
    let sound = sound(&mut scene, &spoken).await;
    assert_eq!(sound, address("192.0.2.2:6000"));
}

#[tokio::test]
async fn rfc5118_4_10_ipv6_bug_abnf_3_colons() {
    answered("4.10_ipv6-bug-abnf-3-colons", 200).await;
}

#[tokio::test]
async fn rfc5118_4_10_ipv6_correct_abnf_2_colons() {
    answered("4.10_ipv6-correct-abnf-2-colons", 200).await;
}
