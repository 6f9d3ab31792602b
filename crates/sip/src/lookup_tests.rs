//! Names, asked of a name server of the tests' own.

use std::net::SocketAddr;
use std::sync::Arc;

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, NAPTR, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use model::pbx::{Fault, Transport};
use tokio::net::UdpSocket;

use super::{Families, Lookup, Server};

/// Answers with the records of its zone until the test is over; questions of
/// the types that it does not know are left unanswered.
async fn name_server(zone: Vec<(&'static str, RData)>, unknown: &[RecordType]) -> SocketAddr {
    let unknown = unknown.to_vec();
    let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a socket"));
    let at = socket.local_addr().expect("its address");
    tokio::spawn(async move {
        let mut datagram = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut datagram).await {
            let question = Message::from_vec(&datagram[..length]).expect("a question");
            let asked = question.queries[0].clone();
            if unknown.contains(&asked.query_type) {
                continue;
            }
            let mut answer = Message::response(question.metadata.id, OpCode::Query);
            answer.add_query(asked.clone());
            for (name, data) in &zone {
                let name = Name::from_ascii(name).expect("a name");
                if name == asked.name && data.record_type() == asked.query_type {
                    answer.add_answer(Record::from_rdata(name, 60, data.clone()));
                }
            }
            if answer.answers.is_empty() {
                answer.metadata.response_code = ResponseCode::NXDomain;
            }
            let bytes = answer.to_vec().expect("an answer");
            socket.send_to(&bytes, from).await.expect("sent");
        }
    });
    at
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn naptr(order: u16, preference: u16, services: &str, to: &str) -> RData {
    let services = services.as_bytes().into();
    RData::NAPTR(NAPTR::new(
        order,
        preference,
        b"s"[..].into(),
        services,
        Box::default(),
        name(to),
    ))
}

fn srv(priority: u16, weight: u16, port: u16, to: &str) -> RData {
    RData::SRV(SRV::new(priority, weight, port, name(to)))
}

fn v4(last: u8) -> RData {
    RData::A(A::new(127, 0, 0, last))
}

fn v6(last: u16) -> RData {
    RData::AAAA(AAAA::new(0xfd00, 0, 0, 0, 0, 0, 0, last))
}

async fn asking(zone: Vec<(&'static str, RData)>, listen: &str) -> Lookup {
    let allowed = ["127.0.0.0/8", "fd00::/8"].map(|net| net.parse().expect("a network"));
    let at = name_server(zone, &[]).await;
    Lookup::new(allowed.into(), listen.parse().expect("an address"), &[at])
}

async fn found(lookup: &Lookup, server: &str, transport: Transport) -> Vec<String> {
    let found = lookup.find(&Server::parse(server, None), transport).await;
    let found = found.expect("found");
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn naptr_leads_to_the_services_and_they_to_the_servers() {
    let zone = vec![
        (
            "pbx.example.",
            naptr(20, 1, "SIP+D2U", "_sip._udp.second.example."),
        ),
        (
            "pbx.example.",
            naptr(10, 2, "SIP+D2T", "_sip._tcp.pbx.example."),
        ),
        (
            "pbx.example.",
            naptr(10, 1, "sip+d2u", "_sip._udp.first.example."),
        ),
        (
            "pbx.example.",
            naptr(10, 1, "SIPS+D2T", "_sips._tcp.pbx.example."),
        ),
        (
            "_sip._udp.first.example.",
            srv(20, 0, 5080, "backup.example."),
        ),
        (
            "_sip._udp.first.example.",
            srv(10, 1, 5070, "main.example."),
        ),
        (
            "_sip._udp.second.example.",
            srv(1, 1, 5060, "other.example."),
        ),
        ("_sip._tcp.pbx.example.", srv(1, 1, 5090, "main.example.")),
        ("_sips._tcp.pbx.example.", srv(1, 1, 5091, "main.example.")),
        // What would be asked for without NAPTR.
        ("_sip._udp.pbx.example.", srv(1, 1, 9, "wrong.example.")),
        ("main.example.", v4(1)),
        ("main.example.", v4(2)),
        ("backup.example.", v4(3)),
        ("other.example.", v4(4)),
        ("wrong.example.", v4(9)),
    ];
    let lookup = asking(zone, "127.0.0.1").await;
    let udp = found(&lookup, "pbx.example", Transport::Udp).await;
    // The two addresses of a target may come in either order.
    let (main, rest) = udp.split_at(2);
    let mut main = main.to_vec();
    main.sort();
    assert_eq!(main, ["127.0.0.1:5070", "127.0.0.2:5070"]);
    assert_eq!(rest, ["127.0.0.3:5080", "127.0.0.4:5060"]);
    let tcp = found(&lookup, "pbx.example", Transport::Tcp).await;
    assert_eq!((tcp.len(), &tcp[0][9..]), (2, ":5090"));
    let tls = found(&lookup, "pbx.example", Transport::Tls).await;
    assert_eq!((tls.len(), &tls[0][9..]), (2, ":5091"));
}

#[tokio::test]
async fn without_naptr_the_usual_service_is_asked_for_and_without_that_the_name() {
    let zone = vec![
        ("_sip._udp.pbx.example.", srv(1, 1, 5070, "main.example.")),
        ("_sip._tcp.pbx.example.", srv(1, 1, 5060, ".")),
        ("main.example.", v4(1)),
        ("pbx.example.", v4(7)),
    ];
    let lookup = asking(zone, "127.0.0.1").await;
    let service = found(&lookup, "pbx.example", Transport::Udp).await;
    assert_eq!(service, ["127.0.0.1:5070"]);
    // A typed port names the one service.
    let typed = found(&lookup, "pbx.example:5080", Transport::Udp).await;
    assert_eq!(typed, ["127.0.0.7:5080"]);
    let none = found(&lookup, "pbx.example", Transport::Tls).await;
    assert_eq!(none, ["127.0.0.7:5061"]);
    let refused = found(&lookup, "pbx.example", Transport::Tcp).await;
    assert_eq!(refused, ["127.0.0.7:5060"]);
    let nobody = Server::parse("nobody.example", None);
    let nobody = lookup.find(&nobody, Transport::Udp).await;
    assert_eq!(nobody, Err(Fault::NameNotResolved));
}

#[tokio::test]
async fn a_name_is_found_where_questions_for_services_are_left_unanswered() {
    let zone = vec![("pbx.example.", v4(7))];
    let at = name_server(zone, &[RecordType::NAPTR, RecordType::SRV]).await;
    let allowed = ["127.0.0.0/8".parse().expect("a network")];
    let listen = "127.0.0.1".parse().expect("an address");
    let lookup = Lookup::new(allowed.into(), listen, &[at]);
    let found = found(&lookup, "pbx.example", Transport::Udp).await;
    assert_eq!(found, ["127.0.0.7:5060"]);
}

#[tokio::test]
async fn the_families_of_the_socket_are_found_and_no_others() {
    let zone = || {
        vec![
            ("pbx.example.", v4(1)),
            ("pbx.example.", v6(1)),
            ("modern.example.", v6(2)),
        ]
    };
    let both = asking(zone(), "::").await;
    let udp = Transport::Udp;
    let addresses = found(&both, "pbx.example", udp).await;
    assert_eq!(addresses, ["127.0.0.1:5060", "[fd00::1]:5060"]);
    assert_eq!(
        found(&both, "modern.example", udp).await,
        ["[fd00::2]:5060"]
    );
    let old = asking(zone(), "127.0.0.1").await;
    assert_eq!(found(&old, "pbx.example", udp).await, ["127.0.0.1:5060"]);
    let modern = Server::parse("modern.example", None);
    assert_eq!(old.find(&modern, udp).await, Err(Fault::NameNotResolved));
    let new = asking(zone(), "fd00::9").await;
    assert_eq!(found(&new, "pbx.example", udp).await, ["[fd00::1]:5060"]);
}

#[tokio::test]
async fn a_name_that_leads_to_our_neighbours_is_refused() {
    let zone = vec![
        ("_sip._udp.pbx.example.", srv(1, 1, 5060, "inside.example.")),
        ("inside.example.", RData::A(A::new(10, 0, 0, 1))),
        ("mixed.example.", RData::A(A::new(169, 254, 169, 254))),
        ("mixed.example.", v4(1)),
    ];
    let lookup = asking(zone, "127.0.0.1").await;
    let inside = Server::parse("pbx.example", None);
    let inside = lookup.find(&inside, Transport::Udp).await;
    assert_eq!(inside, Err(Fault::AddressNotAllowed));
    let mixed = found(&lookup, "mixed.example", Transport::Udp).await;
    assert_eq!(mixed, ["127.0.0.1:5060"]);
}

#[tokio::test]
async fn addresses_are_taken_as_they_are_but_not_where_forbidden() {
    let lookup = Lookup {
        resolver: None,
        allowed: vec!["127.0.0.0/8".parse().expect("net")],
        families: Families::of("127.0.0.1".parse().expect("an address")),
    };
    let find =
        async |host: &str, transport| lookup.find(&Server::parse(host, None), transport).await;
    let port = |port| Ok(vec![([127, 0, 0, 1], port).into()]);
    assert_eq!(find("127.0.0.1", Transport::Udp).await, port(5060));
    assert_eq!(find("127.0.0.1", Transport::Tls).await, port(5061));
    assert_eq!(find("127.0.0.1:5070", Transport::Tcp).await, port(5070));
    assert_eq!(find("::ffff:127.0.0.1", Transport::Udp).await, port(5060));
    assert_eq!(
        find("10.0.0.1", Transport::Udp).await,
        Err(Fault::AddressNotAllowed)
    );
    assert_eq!(
        find("2a02:6b8::1", Transport::Udp).await,
        Err(Fault::NameNotResolved)
    );
    assert_eq!(
        find("pbx.example", Transport::Udp).await,
        Err(Fault::NameNotResolved)
    );
}

#[tokio::test]
async fn no_record_leads_to_this_machine_its_neighbours_or_a_clouds_metadata() {
    let aaaa = |text: &str| RData::AAAA(AAAA(text.parse().expect("an address")));
    let forbidden = [
        RData::A(A::new(127, 0, 0, 1)),
        RData::A(A::new(192, 168, 1, 1)),
        RData::A(A::new(169, 254, 169, 254)),
        RData::A(A::new(100, 100, 100, 200)),
        RData::A(A::new(0, 0, 0, 0)),
        aaaa("::1"),
        aaaa("fe80::1"),
        aaaa("fd00:ec2::254"),
        aaaa("::ffff:127.0.0.1"),
        aaaa("::ffff:169.254.169.254"),
        aaaa("64:ff9b::a9fe:a9fe"),
    ];
    for address in forbidden {
        let zone = vec![
            (
                "named.example.",
                naptr(1, 1, "SIP+D2U", "_sip._udp.to.example."),
            ),
            ("_sip._udp.to.example.", srv(1, 1, 5060, "host.example.")),
            (
                "_sip._udp.service.example.",
                srv(1, 1, 5060, "host.example."),
            ),
            ("host.example.", address.clone()),
        ];
        let lookup = Lookup {
            allowed: Vec::new(),
            ..asking(zone, "::").await
        };
        for name in [
            "named.example",
            "service.example",
            "host.example",
            "host.example:5070",
        ] {
            let server = Server::parse(name, None);
            let found = lookup.find(&server, Transport::Udp).await;
            assert_eq!(found, Err(Fault::AddressNotAllowed), "{name} {address}");
        }
    }
}
