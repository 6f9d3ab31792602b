//! Reports are read from a small mailbox that is as bad as mailboxes can be.

#![allow(missing_docs, reason = "tests speak for themselves")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::secret::Secret;
use notify::{Bounces, MailSettings, MailboxSettings, Mailer, Pauses, Security};
use store::{MasterKey, Store};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

/// What a letter looks like to the server.
#[derive(Clone)]
enum Letter {
    Text(Vec<u8>),
    /// The server hangs up when it is asked for it.
    Poison,
}

/// A mailbox without IDLE and without UIDPLUS.
struct Server {
    port: u16,
    letters: Arc<Mutex<BTreeMap<u32, Letter>>>,
    /// Letters that are marked, and how.
    marked: watch::Receiver<BTreeMap<u32, String>>,
    /// How often somebody signed in.
    logins: watch::Receiver<u32>,
}

impl Server {
    async fn start(letters: impl IntoIterator<Item = Letter>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let letters: BTreeMap<u32, Letter> = (1..).zip(letters).collect();
        let letters = Arc::new(Mutex::new(letters));
        let (marks, marked) = watch::channel(BTreeMap::new());
        let (signed_in, logins) = watch::channel(0);
        let shared = letters.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream, &shared, &marks, &signed_in).await;
            }
        });
        Self {
            port,
            letters,
            marked,
            logins,
        }
    }

    async fn marked(&mut self, ids: usize) -> BTreeMap<u32, String> {
        let marked = self.marked.wait_for(|marked| marked.len() >= ids).await;
        marked.expect("the server runs").clone()
    }
}

async fn serve(
    stream: TcpStream,
    letters: &Mutex<BTreeMap<u32, Letter>>,
    marks: &watch::Sender<BTreeMap<u32, String>>,
    logins: &watch::Sender<u32>,
) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut answer = b"* OK here\r\n".to_vec();
    loop {
        if write.write_all(&answer).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else {
            return;
        };
        let mut words = line.split(' ');
        let tag = words.next().unwrap_or_default().to_owned();
        let command = words.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = words.collect();
        answer.clear();
        match (command.as_str(), rest.first().copied()) {
            ("LOGIN", _) => logins.send_modify(|logins| *logins += 1),
            ("CAPABILITY", _) => answer.extend(b"* CAPABILITY IMAP4rev1\r\n"),
            ("SELECT", _) => answer.extend(b"* 9 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n"),
            ("UID", Some("SEARCH")) => {
                let marked = marks.borrow().clone();
                let unread: Vec<String> = letters
                    .lock()
                    .expect("whole")
                    .keys()
                    .filter(|id| !marked.contains_key(id))
                    .map(u32::to_string)
                    .collect();
                answer.extend(format!("* SEARCH {}\r\n", unread.join(" ")).into_bytes());
            }
            ("UID", Some("FETCH")) => {
                let id: u32 = rest[1].parse().expect("an id");
                let letter = letters.lock().expect("whole").get(&id).cloned();
                match letter {
                    Some(Letter::Text(text)) => {
                        let head = format!("* 1 FETCH (UID {id} BODY[]<0> {{{}}}\r\n", text.len());
                        answer.extend(head.into_bytes());
                        answer.extend(text);
                        answer.extend(b")\r\n");
                    }
                    Some(Letter::Poison) => return,
                    None => {}
                }
            }
            ("UID", Some("STORE")) => {
                let id: u32 = rest[1].parse().expect("an id");
                let how = rest[2..].join(" ");
                marks.send_modify(|marks| {
                    marks.insert(id, how);
                });
            }
            _ => {}
        }
        answer.extend(format!("{tag} OK done\r\n").into_bytes());
    }
}

struct Story {
    _folder: TempDir,
    server: Server,
    reading: tokio::task::JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Story {
    async fn begin(letters: impl IntoIterator<Item = Letter>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let store = Store::open(&url, MasterKey::from_bytes([7; 32]))
            .await
            .expect("opened");
        let server = Server::start(letters).await;
        let mailer = Mailer::new(&MailSettings {
            host: "127.0.0.1".into(),
            port: 1,
            security: Security::None,
            login: None,
            from: "calls@example.com".into(),
            public_url: "https://calls.example.com".into(),
        })
        .expect("settings");
        let mailbox = MailboxSettings {
            host: "127.0.0.1".into(),
            port: server.port,
            security: Security::None,
            user: "bounces".into(),
            password: Secret::new("quoted \" and \\"),
            folder: "INBOX".into(),
        };
        let (stop, stopped) = oneshot::channel();
        let soon = Duration::from_millis(1);
        let bounces = Bounces::new(store, mailbox, &mailer).pausing(Pauses {
            first: soon,
            longest: soon,
            poll: soon,
        });
        let reading = tokio::spawn(bounces.run(async {
            let _ = stopped.await;
        }));
        Self {
            _folder: folder,
            server,
            reading,
            stop,
        }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        self.reading.await.expect("the reader leaves");
    }
}

const SEEN: &str = "+FLAGS.SILENT (\\Seen)";

#[tokio::test]
async fn garbage_is_read_once_and_left_for_somebody_to_look_at() {
    let garbage = [
        Letter::Text(Vec::new()),
        Letter::Text(vec![0xff; 300_000]),
        Letter::Text(b"From: anna@example.com\r\nSubject: hello\r\n\r\nI am away.".to_vec()),
        // A report on a letter that nobody knows.
        Letter::Text(
            b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\
              Content-Type: message/delivery-status\r\n\r\n\
              Original-Envelope-Id: 01234567-89ab-7def-8123-456789abcdef\r\n\r\n\
              Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
                .to_vec(),
        ),
    ];
    let mut story = Story::begin(garbage).await;
    let marked = story.server.marked(4).await;
    assert!(marked.values().all(|how| how == SEEN), "{marked:?}");
    story.end().await;
}

#[tokio::test]
async fn a_letter_that_breaks_the_connection_does_not_keep_the_others_from_being_read() {
    let letters = [
        Letter::Text(b"first".to_vec()),
        Letter::Poison,
        Letter::Text(b"third".to_vec()),
    ];
    let mut story = Story::begin(letters).await;
    let marked = story.server.marked(3).await;
    assert!(marked.values().all(|how| how == SEEN), "{marked:?}");
    assert_eq!(*story.server.logins.borrow(), 4, "three times in vain");
    story.end().await;
}

#[tokio::test]
async fn a_letter_that_comes_later_is_found() {
    let mut story = Story::begin([Letter::Text(b"first".to_vec())]).await;
    story.server.marked(1).await;
    let later = Letter::Text(b"second".to_vec());
    story.server.letters.lock().expect("whole").insert(2, later);
    story.server.marked(2).await;
    story.end().await;
}
