//! Messages of any size: nothing takes long that somebody else can make long.

use std::time::{Duration, Instant};

use crate::fuzz::{self, Gate};

/// What no input may cost: a hundred times what the most costly one takes where
/// nothing else runs, so that a busy machine fails nobody.
const AT_MOST: Duration = Duration::from_millis(100);

#[test]
fn no_message_of_any_size_takes_long() {
    let mut gate = Gate::default();
    let head = "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
    for piece in [
        "\"",
        "\\",
        "<",
        ">",
        ";",
        ",",
        "%",
        "%4",
        "@",
        ":",
        "[",
        "=",
        "\r\n ",
        " ",
        "a,b;",
        "\"\\\"",
        "X: y\r\n",
        "From: \"<\r\n",
        "\u{301}",
    ] {
        for start in [
            "From: ",
            "Via: SIP/2.0/UDP h;",
            "Contact: ",
            "To: \"",
            "CSeq: 1",
            "X",
        ] {
            let many = piece.repeat(60_000 / piece.len());
            for text in [
                format!("{head}{start}{many}\r\n\r\n"),
                format!("v=0\r\nm=audio 1 RTP/AVP {many}"),
                format!("Digest {start}{many}"),
            ] {
                // Where another program had the processor, it was not the input.
                let mut took = (0..3).map(|_| {
                    let begun = Instant::now();
                    gate.datagram(text.as_bytes());
                    fuzz::description(text.as_bytes());
                    fuzz::value(text.as_bytes());
                    begun.elapsed()
                });
                let quick = took.any(|took| took <= AT_MOST);
                assert!(quick, "{start} {piece:?} takes more than {AT_MOST:?}");
            }
        }
    }
}
