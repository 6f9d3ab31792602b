//! Reports as servers write them.

use super::*;

const ID: &str = "01234567-89ab-7def-8123-456789abcdef";

fn letter() -> Uuid {
    ID.parse().expect("an id")
}

/// A report with these fields of the letter and the recipient, and the letter's headers.
fn report(of_letter: &str, of_recipient: &str, original: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nTo: bounces@example.com\r\n\
         Subject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.com\r\n{of_letter}\r\n\
         Final-Recipient: rfc822; anna@example.com\r\n{of_recipient}\r\n\
         --b\r\n{original}\r\n--b--\r\n"
    )
}

fn read_text(text: &str) -> Option<Report> {
    read(text.as_bytes(), "example.com")
}

fn failed(why: &str) -> Option<Report> {
    Some(Report {
        letter: letter(),
        fate: Fate::Failed(why.to_owned()),
    })
}

#[test]
fn a_report_is_matched_by_the_envelopes_id() {
    let text = report(
        &format!("Original-Envelope-Id: {ID}\r\n"),
        "Action: failed\r\nStatus: 5.1.1\r\n",
        "Content-Type: text/plain\r\n\r\nnothing",
    );
    assert_eq!(
        read_text(&text),
        failed("the mailbox does not exist (5.1.1)")
    );
}

#[test]
fn a_report_is_matched_by_the_letter_that_comes_back() {
    for original in [
        format!("Content-Type: message/rfc822\r\n\r\nMessage-ID: <{ID}@example.com>\r\n\r\nbody"),
        format!(
            "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID:\r\n <{ID}@example.com>\r\n"
        ),
    ] {
        let text = report("", "Action: failed\r\nStatus: 5.2.2\r\n", &original);
        assert_eq!(
            read_text(&text),
            failed("the mailbox is full (5.2.2)"),
            "{text}"
        );
    }
}

#[test]
fn a_report_is_matched_by_the_address_it_came_to() {
    let text = report("", "Action: failed\r\nStatus: 5.7.1\r\n", "\r\n").replace(
        "To: bounces@example.com",
        "To: bounces@example.com\r\nDelivered-To: bounces+0123456789ab7def8123456789abcdef@example.com",
    );
    assert_eq!(
        read_text(&text),
        failed("the recipient's mail server refused the letter (5.7.1)")
    );
}

#[test]
fn what_the_next_server_said_tells_more_than_the_status() {
    let text = report(
        &format!("Original-Envelope-ID: {ID}\r\n"),
        "Action: failed\r\nStatus: 5.0.0\r\n\
         Diagnostic-Code: smtp; 550-5.1.1 <anna@example.com>:\r\n  no such user here\r\n",
        "\r\n",
    );
    assert_eq!(
        read_text(&text),
        failed("the mailbox does not exist (5.1.1)")
    );
    let text = text.replace("550-5.1.1 <anna@example.com>", "550 go away");
    assert_eq!(
        read_text(&text.replace("no such user here", "please")),
        failed("the recipient's mail server refused the letter")
    );
}

#[test]
fn a_delay_and_an_arrival_are_told_apart() {
    let of_letter = format!("Original-Envelope-Id: {ID}\r\n");
    let fate = |of_recipient: &str| {
        read_text(&report(&of_letter, of_recipient, "\r\n")).map(|report| report.fate)
    };
    assert_eq!(
        fate("Action: delayed\r\nStatus: 4.4.1\r\n"),
        Some(Fate::Delayed(
            "the recipient's mail server can't be reached (4.4.1)".to_owned()
        ))
    );
    assert_eq!(
        fate("Action: delivered\r\nStatus: 2.0.0\r\n"),
        Some(Fate::Delivered)
    );
    assert_eq!(fate("Action: relayed\r\nStatus: 2.0.0\r\n"), None);
}

#[test]
fn the_letter_of_another_system_is_not_ours() {
    let original =
        format!("Content-Type: message/rfc822\r\n\r\nMessage-ID: <{ID}@other.example>\r\n\r\n");
    let text = report("", "Action: failed\r\nStatus: 5.1.1\r\n", &original);
    assert_eq!(read_text(&text), None);
}

#[test]
fn what_is_no_report_is_none() {
    let holiday = format!(
        "From: anna@example.com\r\nTo: bounces+{}@example.com\r\nAuto-Submitted: auto-replied\r\n\
         In-Reply-To: <{ID}@example.com>\r\n\r\nI am away.",
        letter().simple()
    );
    assert_eq!(read_text(&holiday), None);
    for garbage in [
        &b""[..],
        b"\0\xff\xfe",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b",
    ] {
        assert_eq!(read(garbage, "example.com"), None);
    }
}

#[test]
fn any_beginning_of_a_report_is_harmless() {
    let text = report(
        &format!("Original-Envelope-Id: {ID}\r\n"),
        "Action: failed\r\nStatus: 5.1.1\r\n",
        &format!("Content-Type: message/rfc822\r\n\r\nMessage-ID: <{ID}@example.com>\r\n\r\nbody"),
    );
    for end in 0..text.len() {
        read(&text.as_bytes()[..end], "example.com");
    }
    for at in 0..text.len() {
        let mut broken = text.clone().into_bytes();
        broken[at] ^= 0x5a;
        read(&broken, "example.com");
    }
}
