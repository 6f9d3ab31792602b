//! As much of HTTP/1.1 as a server needs that may break it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Manner;

/// Longest request, head and body.
const REQUEST_MAX: usize = 256 * 1024;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let of_name = self.headers.iter().find(|(of, _)| of == name);
        of_name.map(|(_, value)| value.as_str())
    }
}

/// Reads a request; an error where what came is none.
pub(crate) async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Asked> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    let mut came = Vec::new();
    let head = loop {
        if let Some(at) = came.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if came.len() > REQUEST_MAX || stream.read_buf(&mut came).await? == 0 {
            return Err(broken());
        }
    };
    let text = String::from_utf8(came[..head].to_vec()).map_err(|_| broken())?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path), Some("HTTP/1.1")) = (first.next(), first.next(), first.next())
    else {
        return Err(broken());
    };
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut asked = Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body: came.split_off(head + 4),
    };
    let length = asked.header("content-length").unwrap_or("0");
    let length: usize = length.parse().map_err(|_| broken())?;
    while asked.body.len() < length {
        if length > REQUEST_MAX || stream.read_buf(&mut asked.body).await? == 0 {
            return Err(broken());
        }
    }
    Ok(asked)
}

/// Answers in that manner; `yes` is the status of a good answer.
pub(crate) async fn answer<S: AsyncWrite + Unpin>(
    stream: &mut S,
    manner: Manner,
    yes: u16,
) -> io::Result<()> {
    let empty = |status: u16, more: &str| {
        format!("HTTP/1.1 {status} So\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n")
    };
    let text = match manner {
        Manner::Take => empty(yes, ""),
        // 204 would have no body at all.
        Manner::TakeWithGarbage => "HTTP/1.1 200 So\r\ncontent-type: application/json\r\n\
             content-length: 11\r\nconnection: close\r\n\r\n}]<\u{1}garbage"
            .to_owned(),
        Manner::Refuse(status) => empty(status, ""),
        Manner::RefuseFor(status, pause) => empty(status, &format!("retry-after: {pause}\r\n")),
        Manner::Redirect => empty(302, "location: http://127.0.0.1:1/elsewhere\r\n"),
        Manner::Babble => "\u{7}220 mail.example ESMTP, what do you want\r\n".to_owned(),
        Manner::CutShort => "HTTP/1.1 200 So\r\ncontent-length: 1000\r\n\
             connection: close\r\n\r\n{\"ok\":"
            .to_owned(),
        Manner::TakeAndClose | Manner::Close => return Ok(()),
        Manner::Hang => return std::future::pending().await,
    };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
