//! The mail catcher, against a client of another make and against bad input.

use std::time::Duration;

use lettre::message::{MultiPart, header::ContentType};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sim::mail::MailCatcher;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const SOON: Duration = Duration::from_secs(10);

fn client(catcher: &MailCatcher, mechanism: Mechanism) -> AsyncSmtpTransport<Tokio1Executor> {
    let address = catcher.address();
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .credentials(Credentials::new("user".into(), "secret".into()))
        .authentication(vec![mechanism])
        .build()
}

#[tokio::test]
async fn a_letter_is_kept_and_read() {
    let catcher = MailCatcher::start().await.expect("started");
    let letter = Message::builder()
        .from("Телефонистка <robot@example.org>".parse().expect("valid"))
        .to("anna@example.org".parse().expect("valid"))
        .cc("dmitry@example.org".parse().expect("valid"))
        .message_id(Some("<42@example.org>".into()))
        .subject("Сообщение от Ивана Петрова")
        .multipart(MultiPart::alternative_plain_html(
            "Строка первая\n.точка в начале".to_owned(),
            "<p>Строка первая</p>".to_owned(),
        ))
        .expect("a letter");
    client(&catcher, Mechanism::Plain)
        .send(letter)
        .await
        .expect("sent");
    let mail = catcher
        .await_mail(|mail| mail.to.len() == 2, SOON)
        .await
        .expect("came");
    assert_eq!(mail.id, 1);
    assert_eq!(mail.from, "robot@example.org");
    assert_eq!(mail.to, ["anna@example.org", "dmitry@example.org"]);
    assert_eq!(mail.subject, "Сообщение от Ивана Петрова");
    let lines: Vec<&str> = mail.text.lines().collect();
    assert_eq!(lines, ["Строка первая", ".точка в начале"]);
    assert_eq!(
        mail.html.as_deref().map(str::trim),
        Some("<p>Строка первая</p>")
    );
    assert_eq!(mail.message_id.as_deref(), Some("42@example.org"));
}

#[tokio::test]
async fn letters_come_in_order_whatever_the_login() {
    let catcher = MailCatcher::start().await.expect("started");
    for (subject, mechanism) in [("one", Mechanism::Plain), ("two", Mechanism::Login)] {
        let letter = Message::builder()
            .from("a@example.org".parse().expect("valid"))
            .to("b@example.org".parse().expect("valid"))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body("text".to_owned())
            .expect("a letter");
        client(&catcher, mechanism)
            .send(letter)
            .await
            .expect("sent");
    }
    let mails = catcher.mails();
    let told: Vec<(u64, &str)> = mails.iter().map(|m| (m.id, m.subject.as_str())).collect();
    assert_eq!(told, [(1, "one"), (2, "two")]);
    assert!(mails.iter().all(|mail| mail.html.is_none()));
    assert!(
        catcher
            .await_mail(|mail| mail.id == 3, Duration::ZERO)
            .await
            .is_none()
    );
}

#[tokio::test]
async fn nonsense_is_refused_and_the_session_goes_on() {
    let catcher = MailCatcher::start().await.expect("started");
    let stream = TcpStream::connect(catcher.address())
        .await
        .expect("connected");
    let (input, mut output) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    let mut next = async || lines.next_line().await.expect("read").expect("a line");
    assert!(next().await.starts_with("220 "));
    for (said, answer) in [
        ("EHLÖ", "500"),
        ("DATA", "503"),
        ("RCPT TO:<b@example.org>", "503"),
        ("MAIL FROM:nobody", "501"),
        ("AUTH NTLM", "504"),
        ("MAIL FROM:<>", "250"),
        ("RCPT TO:<>", "501"),
        ("RCPT TO:<b@example.org> NOTIFY=NEVER", "250"),
        ("RSET", "250"),
        ("DATA", "503"),
        ("NOOP", "250"),
        ("MAIL FROM:<> SIZE=3", "250"),
        ("RCPT TO:<b@example.org>", "250"),
        ("DATA", "354"),
        ("\u{1}\r\n..\r\n.", "250"),
        ("QUIT", "221"),
    ] {
        output.write_all(said.as_bytes()).await.expect("said");
        output.write_all(b"\r\n").await.expect("said");
        let got = next().await;
        assert!(got.starts_with(answer), "{said:?}: {got}");
    }
    let mails = catcher.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].raw, b"\x01\r\n.\r\n");
    assert_eq!(mails[0].subject, "");
}
