//! One client's session (RFC 5321), as far as a client that behaves needs it.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::io::{AsyncWriteExt, BufReader, ReadHalf, WriteHalf, split};

/// Longest command line.
const LINE_MAX: usize = 4096;

/// Largest letter.
const LETTER_MAX: usize = 10 * 1024 * 1024;

/// Recipients of one letter.
const RECIPIENTS_MAX: usize = 100;

/// A session; `keep` gets sender, recipients and content of each letter.
pub struct Session<S, K> {
    input: BufReader<ReadHalf<S>>,
    output: WriteHalf<S>,
    keep: K,
    from: Option<String>,
    to: Vec<String>,
}

impl<S, K> Session<S, K>
where
    S: AsyncRead + AsyncWrite,
    K: Fn(String, Vec<String>, Vec<u8>),
{
    /// A session over the stream.
    pub fn new(stream: S, keep: K) -> Self {
        let (input, output) = split(stream);
        Self {
            input: BufReader::new(input),
            output,
            keep,
            from: None,
            to: Vec::new(),
        }
    }

    /// Serves until the client leaves or the connection breaks: either way it is over.
    pub async fn run(mut self) {
        let _ = self.serve().await;
    }

    async fn serve(&mut self) -> io::Result<()> {
        self.say("220 sim ESMTP").await?;
        while let Some(line) = read_line(&mut self.input, LINE_MAX).await? {
            let line = String::from_utf8_lossy(&line).into_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.say("250-sim").await?;
                    self.say("250-8BITMIME").await?;
                    self.say("250-SMTPUTF8").await?;
                    self.say("250-PIPELINING").await?;
                    self.say(&format!("250-SIZE {LETTER_MAX}")).await?;
                    self.say("250 AUTH PLAIN LOGIN").await?;
                }
                "HELO" => self.say("250 sim").await?,
                "AUTH" => self.login(rest).await?,
                "MAIL" => match address(rest, "FROM:") {
                    Some(from) => {
                        self.from = Some(from);
                        self.to.clear();
                        self.say("250 2.1.0 OK").await?;
                    }
                    None => self.say("501 5.1.7 No sender in it").await?,
                },
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget();
                    self.say("250 2.0.0 OK").await?;
                }
                "NOOP" => self.say("250 2.0.0 OK").await?,
                "QUIT" => return self.say("221 2.0.0 Bye").await,
                _ => self.say("500 5.5.1 Not understood").await?,
            }
        }
        Ok(())
    }

    /// Any login is the right one.
    async fn login(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let questions: &[&str] = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => &["334 "],
            // "Username:" and "Password:" in Base64.
            "LOGIN" => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            _ => return self.say("504 5.5.4 Not understood").await,
        };
        for question in &questions[usize::from(!first.is_empty())..] {
            self.say(question).await?;
            if read_line(&mut self.input, LINE_MAX).await?.is_none() {
                return Ok(());
            }
        }
        self.say("235 2.7.0 Welcome").await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let answer = match address(rest, "TO:") {
            _ if self.from.is_none() => "503 5.5.1 MAIL comes first",
            _ if self.to.len() == RECIPIENTS_MAX => "452 4.5.3 Too many recipients",
            Some(to) if !to.is_empty() => {
                self.to.push(to);
                "250 2.1.5 OK"
            }
            _ => "501 5.1.3 No recipient in it",
        };
        self.say(answer).await
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 RCPT comes first").await;
        }
        self.say("354 Go ahead").await?;
        let mut letter = Vec::new();
        let mut too_large = false;
        loop {
            let Some(line) = read_line(&mut self.input, LETTER_MAX).await? else {
                return Ok(());
            };
            if line == b"." {
                break;
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            too_large |= letter.len() + line.len() > LETTER_MAX;
            if !too_large {
                letter.extend_from_slice(line);
                letter.extend_from_slice(b"\r\n");
            }
        }
        if too_large {
            self.forget();
            return self.say("552 5.3.4 Too large").await;
        }
        let from = self.from.take().unwrap_or_default();
        (self.keep)(from, std::mem::take(&mut self.to), letter);
        self.say("250 2.0.0 Kept").await
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.output.write_all(line.as_bytes()).await?;
        self.output.write_all(b"\r\n").await?;
        self.output.flush().await
    }
}

/// A line without its end. None at the end of the stream; a line that is too long is an error.
async fn read_line(
    input: &mut (impl AsyncBufRead + Unpin),
    max: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let limit = max as u64 + 2;
    if input.take(limit).read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    if line.pop_if(|last| *last == b'\n').is_none() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    line.pop_if(|last| *last == b'\r');
    Ok(Some(line))
}

/// The address behind `FROM:` or `TO:`; parameters after it are not looked at.
fn address(rest: &str, word: &str) -> Option<String> {
    let (head, tail) = rest.split_at_checked(word.len())?;
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    let (address, _) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    Some(address.to_owned())
}
