//! A mail server that loses its temper.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How often each letter was taken, by its Message-ID.
pub type Letters = Arc<Mutex<HashMap<String, usize>>>;

/// Starts it; gives its port and what it takes.
pub async fn start(seed: u64) -> (u16, Letters) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let letters = Letters::default();
    let taken = Arc::clone(&letters);
    let mut random = StdRng::seed_from_u64(seed);
    tokio::spawn(async move {
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                let random = StdRng::seed_from_u64(random.random());
                tokio::spawn(serve(stream, Arc::clone(&taken), random));
            }
        }
    });
    (port, letters)
}

async fn serve(stream: TcpStream, letters: Letters, mut random: StdRng) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await?;
    let mut letter: Option<String> = None;
    while let Some(line) = lines.next_line().await? {
        let answer = match (&mut letter, line.as_str()) {
            (Some(_), ".") => {
                let id = letter.take().unwrap_or_default();
                let fate = random.random_range(0..100);
                if fate < 4 {
                    // Kept by nobody, and nothing said.
                    return Ok(());
                }
                *letters.lock().expect("no panic").entry(id).or_default() += 1;
                if fate < 8 {
                    // Kept, and nothing said: it comes again.
                    return Ok(());
                }
                "250 taken"
            }
            (Some(id), line) => {
                if let Some(told) = line.strip_prefix("Message-ID: ") {
                    *id = told.trim().to_owned();
                }
                continue;
            }
            (None, line) if line.starts_with("RCPT") && random.random_bool(0.05) => {
                "451 come again"
            }
            (None, "DATA") => {
                letter = Some(String::new());
                "354 go on"
            }
            (None, "QUIT") => "221 bye",
            (None, _) => "250 good",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
