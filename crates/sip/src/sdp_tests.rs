use model::audio::{AudioStream, Codec, Direction, Format, Law};

use super::{Local, Remote, SdpError};

const ASTERISK: &str = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=Asterisk\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
    m=audio 10452 RTP/AVP 8 0 9 107 101 102\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:9 G722/8000\r\na=rtpmap:107 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n\
    a=fmtp:101 0-16\r\na=rtpmap:102 telephone-event/48000\r\na=ptime:20\r\na=maxptime:140\r\na=sendrecv\r\n";

fn local() -> AudioStream {
    AudioStream {
        address: "192.0.2.7:40000".parse().expect("address"),
        formats: vec![Law::Mu.into(), Law::A.into()],
        dtmf: Some(96),
        direction: Direction::SendRecv,
        keys: None,
    }
}

#[test]
fn an_offer_of_asterisk_is_read() {
    let remote = Remote::parse(ASTERISK.as_bytes()).expect("an offer");
    assert_eq!(
        remote.audio,
        AudioStream {
            address: "10.0.0.1:10452".parse().expect("address"),
            formats: vec![
                Law::A.into(),
                Law::Mu.into(),
                Codec::G722.into(),
                Format {
                    codec: Codec::Opus,
                    payload_type: 107,
                },
            ],
            dtmf: Some(101),
            direction: Direction::SendRecv,
            keys: None,
        }
    );
}

#[test]
fn the_answer_keeps_the_offers_order_and_numbers() {
    let remote = Remote::parse(ASTERISK.as_bytes()).expect("an offer");
    let mut session = Local::new(5, [0; 30], false);
    let answer = session.answer(&remote, &local()).expect("an answer");
    assert!(
        answer.contains("m=audio 40000 RTP/AVP 8 0 101\r\n"),
        "{answer}"
    );
    assert!(answer.contains("o=- 5 1 IN IP4 192.0.2.7\r\n"), "{answer}");
    assert!(
        answer.contains("a=rtpmap:101 telephone-event/8000\r\n"),
        "{answer}"
    );
    let again = session.answer(&remote, &local()).expect("an answer");
    assert!(again.contains("o=- 5 2 IN IP4 192.0.2.7\r\n"), "{again}");
    let back = Remote::parse(answer.as_bytes()).expect("our own");
    assert_eq!(back.audio.formats, [Law::A, Law::Mu].map(Format::from));
}

#[test]
fn every_other_stream_is_refused_in_its_place() {
    let offer = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 5000 RTP/AVP 96\r\nc=IN IP4 10.0.0.1\r\n\
        m=audio 5002 RTP/SAVP 8\r\nc=IN IP4 10.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\nc=IN IP4 10.0.0.2\r\na=sendonly\r\n";
    let remote = Remote::parse(offer.as_bytes()).expect("an offer");
    assert_eq!(
        remote.audio.address,
        "10.0.0.2:5004".parse().expect("address")
    );
    let answer = Local::new(1, [0; 30], false)
        .answer(&remote, &local())
        .expect("an answer");
    let media: Vec<_> = answer
        .lines()
        .filter(|line| line.starts_with("m="))
        .collect();
    assert_eq!(
        media,
        [
            "m=video 0 RTP/AVP 96",
            "m=audio 0 RTP/SAVP 8",
            "m=audio 40000 RTP/AVP 0"
        ]
    );
    assert!(answer.ends_with("a=recvonly\r\n"), "{answer}");
}

#[test]
fn hold_is_read_in_all_its_forms() {
    let with = |line: &str| {
        let text = ASTERISK.replace("a=sendrecv", line);
        Remote::parse(text.as_bytes()).expect("an offer").audio
    };
    assert_eq!(with("a=sendonly").direction, Direction::SendOnly);
    assert_eq!(with("a=inactive").direction, Direction::Inactive);
    assert_eq!(with("a=x").direction, Direction::SendRecv);
    assert!(with("c=IN IP4 0.0.0.0").address.ip().is_unspecified());
}

#[test]
fn nothing_in_common_is_told_apart_from_nonsense() {
    let only = |formats: &str| {
        let text = format!(
            "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nc=IN IP4 1.1.1.1\r\nt=0 0\r\nm=audio 9 RTP/AVP {formats}\r\n"
        );
        Remote::parse(text.as_bytes())
    };
    assert_eq!(only("3 18").err(), Some(SdpError::NothingInCommon));
    assert_eq!(only("101").err(), Some(SdpError::NothingInCommon));
    // Payload type 0 taken for something else.
    assert_eq!(
        only("0\r\na=rtpmap:0 opus/48000").err(),
        Some(SdpError::NothingInCommon)
    );
    assert!(only("0\r\na=rtpmap:0 PCMU/8000/1").is_ok());
    let narrow = AudioStream {
        formats: vec![Law::A.into()],
        ..local()
    };
    let remote = only("0").expect("an offer");
    assert_eq!(
        Local::new(1, [0; 30], false).answer(&remote, &narrow).err(),
        Some(SdpError::NothingInCommon)
    );
    for text in [
        "",
        "hello",
        "v=1\r\n",
        "v=0\r\nm=audio\r\n",
        "v=0\r\nm=audio 99999 RTP/AVP 0\r\n",
    ] {
        assert_eq!(
            Remote::parse(text.as_bytes()).err(),
            Some(SdpError::Malformed),
            "{text}"
        );
    }
    let many = format!("v=0\r\n{}", "m=audio 1 RTP/AVP 0\r\n".repeat(17));
    assert_eq!(
        Remote::parse(many.as_bytes()).err(),
        Some(SdpError::Malformed)
    );
    assert_eq!(
        Remote::parse(&[b'v'; 20_000]).err(),
        Some(SdpError::Malformed)
    );
}

#[test]
fn an_offer_of_ours_is_read_back_over_ipv6() {
    let stream = AudioStream {
        address: "[2001:db8::1]:4000".parse().expect("address"),
        ..local()
    };
    let offer = Local::new(9, [0; 30], false).offer(&stream);
    assert!(offer.contains("c=IN IP6 2001:db8::1\r\n"), "{offer}");
    assert_eq!(Remote::parse(offer.as_bytes()).expect("ours").audio, stream);
}

const KEY: &str = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

fn offer_with(profile: &str, keys: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
         m=audio 5004 {profile} 8 101\r\n{keys}a=rtpmap:101 telephone-event/8000\r\n"
    )
}

#[test]
fn encrypted_sound_is_answered_in_kind() {
    let (long, short) = (
        format!("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^31\r\n"),
        format!("a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:{KEY}\r\n"),
    );
    for (profile, keys, tag, suite) in [
        (
            "RTP/SAVP",
            format!("{short}{long}"),
            2,
            "AES_CM_128_HMAC_SHA1_80",
        ),
        ("RTP/SAVP", short.clone(), 1, "AES_CM_128_HMAC_SHA1_32"),
        // Left to us, and taken.
        ("RTP/AVP", long.clone(), 2, "AES_CM_128_HMAC_SHA1_80"),
    ] {
        let remote = Remote::parse(offer_with(profile, &keys).as_bytes()).expect("an offer");
        let mut session = Local::new(5, [9; 30], false);
        let answer = session.answer(&remote, &local()).expect("an answer");
        assert!(
            answer.contains(&format!("m=audio 40000 {profile} 8 101\r\n")),
            "{answer}"
        );
        assert!(
            answer.contains(&format!("a=crypto:{tag} {suite} inline:")),
            "{answer}"
        );
        assert_eq!(answer.matches("a=crypto").count(), 1);
        assert_eq!(session.again(), answer, "a refresh keeps the key");
        let keys = session
            .agreed(&remote, &local())
            .expect("agreed")
            .keys
            .expect("keys");
        assert_eq!(keys.theirs.reveal()[..4], *b"wDfv");
        assert_eq!(keys.ours.reveal(), &[9; 30]);
        // What we answered, the other side reads.
        let back = Remote::parse(answer.as_bytes()).expect("our own");
        let theirs = Local::new(6, [1; 30], false)
            .heard(&back)
            .keys
            .expect("keys");
        assert_eq!((theirs.suite, theirs.theirs), (keys.suite, keys.ours));
        let printed = format!("{session:?}{remote:?}");
        assert!(
            !printed.contains("d0Rm") && !printed.contains("inline"),
            "{printed}"
        );
    }
}

#[test]
fn encrypted_sound_that_is_not_understood_is_refused() {
    let other = format!("a=crypto:1 AEAD_AES_256_GCM inline:{KEY}\r\n");
    let secure = offer_with("RTP/SAVP", &other);
    assert_eq!(
        Remote::parse(secure.as_bytes()),
        Err(SdpError::NothingInCommon)
    );
    // Where encryption was only offered, the sound stays as it is.
    let remote = Remote::parse(offer_with("RTP/AVP", &other).as_bytes()).expect("an offer");
    let mut session = Local::new(5, [9; 30], true);
    let answer = session.answer(&remote, &local()).expect("an answer");
    assert!(!answer.contains("crypto"), "{answer}");
    assert_eq!(
        session.agreed(&remote, &local()).expect("agreed").keys,
        None
    );
}

#[test]
fn a_call_over_tls_is_offered_encrypted_and_then_as_it_is_taken() {
    let mut session = Local::new(5, [9; 30], true);
    let offer = session.offer(&local());
    assert!(
        offer.contains("m=audio 40000 RTP/SAVP 0 8 96\r\n"),
        "{offer}"
    );
    assert_eq!(offer.matches("a=crypto:").count(), 2);
    assert!(session.lay_open());
    let offer = session.offer(&local());
    assert!(
        offer.contains("m=audio 40000 RTP/AVP 0 8 96\r\n"),
        "{offer}"
    );
    assert!(!offer.contains("crypto") && !session.lay_open());
}

/// An offer of these formats, with events at both clocks.
fn offer_of(formats: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
         m=audio 5004 RTP/AVP {formats} 101 102\r\na=rtpmap:107 opus/48000/2\r\n\
         a=fmtp:107 useinbandfec=1\r\na=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
         a=rtpmap:102 telephone-event/48000\r\n"
    )
}

/// What a line that may use these codecs answers to it.
fn answered_by(codecs: &[Codec], formats: &str) -> Result<String, SdpError> {
    let mut session = Local::new(5, [0; 30], false);
    session.allow(codecs);
    let all = AudioStream {
        formats: Codec::ALL.map(Format::from).to_vec(),
        ..local()
    };
    let remote = session.read(offer_of(formats).as_bytes())?;
    assert_eq!(
        session.heard(&remote).formats,
        session.agreed(&remote, &all)?.formats
    );
    session.answer(&remote, &all)
}

#[test]
fn g722_and_opus_are_what_is_left() {
    let all = |formats| answered_by(&Codec::ALL, formats).expect("an answer");
    let answer = all("107 9 8 0");
    assert!(
        answer.contains("m=audio 40000 RTP/AVP 8 0 9 107 101\r\n"),
        "{answer}"
    );
    let answer = all("107 9");
    assert!(
        answer.contains("m=audio 40000 RTP/AVP 9 107 101\r\n"),
        "{answer}"
    );
    assert!(answer.contains("a=rtpmap:9 G722/8000\r\n"), "{answer}");
    let answer = all("107");
    assert!(
        answer.contains("m=audio 40000 RTP/AVP 107 102\r\n"),
        "{answer}"
    );
    for line in [
        "a=rtpmap:107 opus/48000/2\r\n",
        "a=fmtp:107 maxplaybackrate=8000;sprop-maxcapturerate=8000;stereo=0;useinbandfec=1\r\n",
        "a=rtpmap:102 telephone-event/48000\r\n",
    ] {
        assert!(answer.contains(line), "{answer}");
    }
}

#[test]
fn a_line_uses_the_codecs_that_it_may_in_its_order() {
    let answer = answered_by(&[Codec::G722, Codec::Pcma], "107 8 0 9").expect("an answer");
    assert!(
        answer.contains("m=audio 40000 RTP/AVP 9 8 101\r\n"),
        "{answer}"
    );
    let refused = answered_by(&[Codec::Pcma], "107 9");
    assert_eq!(refused, Err(SdpError::NothingInCommon));
}

#[test]
fn offers_hold_opus_only_where_it_comes_first() {
    let offered = |codecs: &[Codec]| {
        let mut session = Local::new(5, [0; 30], false);
        session.allow(codecs);
        let all = AudioStream {
            formats: Codec::ALL.map(Format::from).to_vec(),
            ..local()
        };
        let offer = session.offer(&all);
        let media = offer.lines().find(|line| line.starts_with("m="));
        media.expect("a stream").to_owned()
    };
    assert_eq!(offered(&Codec::ALL), "m=audio 40000 RTP/AVP 8 0 9 96");
    assert_eq!(
        offered(&[Codec::G722, Codec::Opus]),
        "m=audio 40000 RTP/AVP 9 96"
    );
    assert_eq!(
        offered(&[Codec::Opus, Codec::Pcmu]),
        "m=audio 40000 RTP/AVP 111 0 96"
    );
}

#[test]
fn an_offer_of_ours_within_a_session_keeps_the_pbxs_numbers() {
    let mut session = Local::new(5, [0; 30], false);
    session.allow(&[Codec::Opus, Codec::Pcma]);
    let all = AudioStream {
        formats: Codec::ALL.map(Format::from).to_vec(),
        dtmf: Some(101),
        ..local()
    };
    let offer = offer_of("107 8").replace("telephone-event/8000", "speex/8000");
    let remote = session.read(offer.as_bytes()).expect("an offer");
    session.answer(&remote, &all).expect("an answer");
    let offer = session.offer(&all);
    assert!(
        offer.contains("m=audio 40000 RTP/AVP 107 8 102\r\n"),
        "{offer}"
    );
}

#[test]
fn an_offer_of_ours_begins_with_the_codec_that_is_wished_for() {
    let offered = |wished: Codec, allowed: &[Codec]| {
        let mut session = Local::new(5, [0; 30], false);
        session.allow(allowed);
        let mut all = AudioStream {
            formats: Codec::ALL.map(Format::from).to_vec(),
            ..local()
        };
        all.formats.sort_by_key(|format| format.codec != wished);
        let offer = session.offer(&all);
        let media = offer.lines().find(|line| line.starts_with("m="));
        media.expect("a stream").to_owned()
    };
    let all = &Codec::ALL;
    for (wished, allowed, numbers) in [
        (Codec::Pcma, &all[..], "8 0 9 96"),
        (Codec::Pcmu, all, "0 8 9 96"),
        (Codec::G722, all, "9 8 0 96"),
        (Codec::Opus, all, "111 8 0 9 96"),
        (Codec::G722, &[Codec::Pcma, Codec::G722], "9 8 96"),
        (Codec::Opus, &[Codec::Pcmu, Codec::Pcma], "0 8 96"),
    ] {
        let expected = format!("m=audio 40000 RTP/AVP {numbers}");
        assert_eq!(offered(wished, allowed), expected, "{wished:?} {allowed:?}");
    }
}

#[test]
fn opus_is_offered_once_more_only_where_that_is_something_new() {
    let all = AudioStream {
        formats: Codec::ALL.map(Format::from).to_vec(),
        ..local()
    };
    let widened = |allowed: &[Codec]| {
        let mut session = Local::new(5, [0; 30], false);
        session.allow(allowed);
        (session.widen(&all), session.widen(&all))
    };
    assert_eq!(widened(&Codec::ALL), (true, false));
    assert_eq!(widened(&[Codec::Opus, Codec::Pcma]), (false, false));
    assert_eq!(widened(&[Codec::Pcma]), (false, false));
}
