use model::cipher::{MasterKey, Suite};

use super::{Opener, Sealer, Session, TAG_MAX, apply, index};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
        .collect()
}

/// The master key of RFC 3711, appendix B.3.
fn master() -> MasterKey {
    let all = bytes("E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6");
    MasterKey::new(all.try_into().expect("30 bytes"))
}

fn packet(sequence: u16) -> [u8; 12 + 160 + TAG_MAX] {
    let mut packet = [0xab; 12 + 160 + TAG_MAX];
    packet[..12].copy_from_slice(&bytes("800f1234decafbadcafebabe"));
    packet[2..4].copy_from_slice(&sequence.to_be_bytes());
    packet
}

#[test]
fn rfc3711_b2_the_key_stream_is_right() {
    let key = bytes("2B7E151628AED2A6ABF7158809CF4F3C");
    let key = super::UnboundCipherKey::new(&super::AES_128, &key).expect("a key");
    let key = super::EncryptingKey::ctr(key).expect("a key");
    let iv = bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
    let mut stream = [0; 48];
    apply(&key, iv.try_into().expect("16 bytes"), &mut stream).expect("a stream");
    let expected = "E03EAD0935C95E80E166B16DD92B4EB4
        D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0";
    assert_eq!(stream[..], bytes(expected));
}

#[test]
fn rfc3711_b3_the_keys_of_a_session_are_right() {
    let key = master();
    let (key, salt) = key.reveal().split_at(16);
    let key = super::UnboundCipherKey::new(&super::AES_128, key).expect("a key");
    let key = super::EncryptingKey::ctr(key).expect("a key");
    for (label, expected) in [
        (0, "C61E7A93744F39EE10734AFE3FF7A087"),
        (2, "30CBBC08863D8C85D49DB34A9AE1"),
        (
            1,
            "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE
             E049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25
             6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2DC68",
        ),
    ] {
        let expected = bytes(expected);
        let mut derived = vec![0; expected.len()];
        let mut iv = [0; 16];
        iv[..14].copy_from_slice(salt);
        iv[7] ^= label;
        apply(&key, iv, &mut derived).expect("derived");
        assert_eq!(derived, expected, "label {label}");
    }
    let session = Session::new(Suite::Tag80, &master()).expect("keys");
    assert_eq!(session.salt[..], bytes("30CBBC08863D8C85D49DB34A9AE1"));
}

/// The packet that libsrtp is tested with, under the same master key.
#[test]
fn a_packet_is_encrypted_as_others_do_it() {
    let plain = bytes("800f1234decafbadcafebabe abababababababababababababababab");
    let cipher =
        bytes("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb");
    let mut sealer = Sealer::new(Suite::Tag80, &master()).expect("keys");
    let mut room = [0; 64];
    room[..plain.len()].copy_from_slice(&plain);
    let length = sealer.seal(&mut room, plain.len()).expect("sealed");
    assert_eq!(room[..length], cipher);
    let mut opener = Opener::new(Suite::Tag80, &master()).expect("keys");
    let mut came = cipher.clone();
    let length = opener.open(&mut came).expect("opened");
    assert_eq!(came[..length], plain);
}

#[test]
fn what_was_changed_or_repeated_or_signed_with_another_key_is_not_opened() {
    for suite in [Suite::Tag80, Suite::Tag32] {
        let mut sealer = Sealer::new(suite, &master()).expect("keys");
        let mut opener = Opener::new(suite, &master()).expect("keys");
        let mut sealed = packet(7);
        let length = sealer.seal(&mut sealed, 172).expect("sealed");
        assert_eq!(length, 172 + suite.tag());
        for at in 0..length {
            let mut changed = sealed;
            changed[at] ^= 1;
            assert_eq!(opener.open(&mut changed[..length]), None, "byte {at}");
        }
        let other = MasterKey::new([9; 30]);
        let mut stranger = Opener::new(suite, &other).expect("keys");
        assert_eq!(stranger.open(&mut { sealed }[..length]), None);
        assert_eq!(opener.open(&mut { sealed }[..length]), Some(172));
        assert_eq!(opener.open(&mut { sealed }[..length]), None, "again");
        for short in 0..length {
            assert_eq!(opener.open(&mut { sealed }[..short]), None);
        }
    }
}

#[test]
fn a_call_goes_on_where_the_numbers_begin_anew_and_packets_overtake() {
    let mut sealer = Sealer::new(Suite::Tag80, &master()).expect("keys");
    let mut opener = Opener::new(Suite::Tag80, &master()).expect("keys");
    let mut sealed: Vec<_> = (0..70_000_u32)
        .map(|n| {
            let mut packet = packet((65_000 + n) as u16);
            let length = sealer.seal(&mut packet, 172).expect("sealed");
            packet[..length].to_vec()
        })
        .collect();
    // Every fifth comes after the one that follows it; every seventh not at all.
    for at in (0..sealed.len() - 1).step_by(5) {
        sealed.swap(at, at + 1);
    }
    let plain = packet(0);
    for (at, packet) in sealed.iter_mut().enumerate().filter(|(at, _)| at % 7 != 3) {
        assert_eq!(opener.open(packet), Some(172), "packet {at}");
        assert_eq!(packet[12..172], plain[12..172]);
    }
}

#[test]
fn a_stream_that_takes_another_ones_place_is_opened() {
    let mut opener = Opener::new(Suite::Tag80, &master()).expect("keys");
    for source in 0..100_u8 {
        let mut sealer = Sealer::new(Suite::Tag80, &master()).expect("keys");
        let mut packet = packet(60_000);
        packet[11] = source;
        let length = sealer.seal(&mut packet, 172).expect("sealed");
        assert_eq!(opener.open(&mut packet[..length]), Some(172));
    }
}

#[test]
fn an_index_counts_rollovers() {
    let at = |rollovers: u64, sequence: u64| rollovers << 16 | sequence;
    assert_eq!(index(None, 65_535), 65_535);
    assert_eq!(index(Some(at(0, 65_535)), 0), at(1, 0));
    assert_eq!(index(Some(at(1, 2)), 65_534), at(0, 65_534));
    assert_eq!(index(Some(at(0, 2)), 65_534), at(0, 65_534));
    assert_eq!(index(Some(at(3, 100)), 200), at(3, 200));
    assert_eq!(index(Some(at(3, 40_000)), 10_000), at(3, 10_000));
}
