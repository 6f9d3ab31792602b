//! The thread that writes recordings, so that a slow disk is never heard.
//!
//! Each 100 ms of a call go to the disk as they come, and the header is made
//! true each time: whenever the process dies, what is there is a playable file.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use model::id::CallId;
use tokio::sync::mpsc::UnboundedSender;

use crate::event::{Event, Recording};
use crate::g711::FRAME;
use crate::wav::{HEADER, MOMENT, header};

/// Frames of a chunk: 100 ms.
pub(crate) const CHUNK_FRAMES: usize = 5;

/// Chunks that may wait for the disk: 20 calls bear 5 s of a disk that stands still, at 3 MiB of memory.
const QUEUE: usize = 1024;

/// A piece of a recording, both sides interleaved.
#[derive(Clone, Copy)]
pub(crate) struct Chunk {
    /// The call.
    pub call: CallId,
    /// Moments before it.
    pub at: u64,
    /// Samples that it holds.
    pub length: usize,
    /// The samples.
    pub samples: [i16; CHUNK_FRAMES * FRAME * 2],
}

/// What the writer is told.
// Boxed chunks would be an allocation each; the queue holds them in place.
#[expect(clippy::large_enum_variant)]
pub(crate) enum Message {
    /// A recording begins.
    Begin { call: CallId, path: PathBuf },
    /// A piece of it.
    Chunk(Chunk),
    /// It is over; `moments` long.
    End {
        call: CallId,
        moments: u64,
        cut_off: bool,
        voice_ms: Option<u32>,
    },
}

/// A media thread's way to the writer; never blocks.
pub(crate) struct Recorder {
    queue: SyncSender<Message>,
    /// Beginnings and ends that found the queue full: they must not get lost.
    waiting: VecDeque<Message>,
}

impl Recorder {
    /// Hands over a chunk; false where it is lost for the disk is too slow.
    pub(crate) fn chunk(&mut self, chunk: Chunk) -> bool {
        self.waiting.is_empty() && self.queue.try_send(Message::Chunk(chunk)).is_ok()
    }

    /// Hands over a beginning or an end, at once or by a later [`Recorder::flush`].
    pub(crate) fn control(&mut self, message: Message) {
        self.waiting.push_back(message);
        self.flush();
    }

    /// Tries again what could not be handed over; true when nothing waits.
    pub(crate) fn flush(&mut self) -> bool {
        while let Some(message) = self.waiting.pop_front() {
            if let Err(TrySendError::Full(message)) = self.queue.try_send(message) {
                self.waiting.push_front(message);
                return false;
            }
        }
        true
    }

    /// Hands over everything, however long the disk takes.
    pub(crate) fn finish(&mut self) {
        for message in self.waiting.drain(..) {
            // An error means that the writer is gone, and with it everything that could be done.
            let _ = self.queue.send(message);
        }
    }

    /// Another thread's way to the same writer.
    pub(crate) fn another(&self) -> Self {
        Self {
            queue: self.queue.clone(),
            waiting: VecDeque::new(),
        }
    }
}

/// Starts the writer; it ends when every [`Recorder`] is gone.
pub(crate) fn start(
    events: UnboundedSender<Event>,
    alarm: Arc<AtomicBool>,
) -> io::Result<(Recorder, JoinHandle<()>)> {
    let (queue, messages) = sync_channel(QUEUE);
    let writer = Writer {
        events,
        alarm,
        open: HashMap::new(),
    };
    let thread = std::thread::Builder::new()
        .name("recordings".into())
        .spawn(move || writer.run(&messages))?;
    Ok((
        Recorder {
            queue,
            waiting: VecDeque::new(),
        },
        thread,
    ))
}

struct Writer {
    events: UnboundedSender<Event>,
    alarm: Arc<AtomicBool>,
    open: HashMap<CallId, Open>,
}

struct Open {
    path: PathBuf,
    file: Option<File>,
    cut_off: bool,
    /// Moments up to the end of what was written.
    moments: u64,
}

impl Open {
    fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            cut_off: false,
            moments: 0,
        }
    }
}

impl Writer {
    fn run(mut self, messages: &Receiver<Message>) {
        for message in messages {
            match message {
                Message::Begin { call, path } => {
                    let mut open = Open::new(path);
                    let begun = open.ready().map(drop);
                    self.note(call, &begun);
                    open.cut_off = begun.is_err();
                    self.open.insert(call, open);
                }
                Message::Chunk(chunk) => {
                    let Some(open) = self.open.get_mut(&chunk.call) else {
                        continue;
                    };
                    let written = open.write(&chunk);
                    open.cut_off |= written.is_err();
                    self.note(chunk.call, &written);
                }
                Message::End {
                    call,
                    moments,
                    cut_off,
                    voice_ms,
                } => {
                    let Some(open) = self.open.remove(&call) else {
                        continue;
                    };
                    let cut_off = cut_off || open.cut_off;
                    self.tell(call, open.path, moments, cut_off, voice_ms);
                }
            }
        }
        // Nobody ended these: their call was between two threads when the engine was shut down.
        for (call, open) in std::mem::take(&mut self.open) {
            self.tell(call, open.path, open.moments, true, None);
        }
    }

    fn tell(&self, call: CallId, raw: PathBuf, moments: u64, cut_off: bool, voice_ms: Option<u32>) {
        let recording = Recording {
            raw,
            ms: moments / 8,
            cut_off,
            voice_ms,
        };
        // Nobody may be listening any more when the server stops.
        let _ = self.events.send(Event::Recorded { call, recording });
    }

    /// Keeps the alarm; the log gets a line when it changes, not ten a second.
    fn note(&self, call: CallId, result: &io::Result<()>) {
        let failed = result.is_err();
        if self.alarm.swap(failed, Ordering::Relaxed) == failed {
            return;
        }
        match result {
            Err(error) => tracing::error!(%call, %error, "recordings can't be written"),
            Ok(()) => tracing::info!("recordings are written again"),
        }
    }
}

impl Open {
    fn ready(&mut self) -> io::Result<&File> {
        if self.file.is_none() {
            let file = create(&self.path)?;
            file.write_all_at(&header(0), 0)?;
            self.file = Some(file);
        }
        self.file
            .as_ref()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn write(&mut self, chunk: &Chunk) -> io::Result<()> {
        let mut bytes = [0; CHUNK_FRAMES * FRAME * MOMENT];
        let samples = &chunk.samples[..chunk.length];
        for (to, sample) in bytes.chunks_exact_mut(2).zip(samples) {
            to.copy_from_slice(&sample.to_le_bytes());
        }
        let bytes = &bytes[..samples.len() * 2];
        let at = chunk.at * MOMENT as u64;
        // What was lost before `at` is a hole in the file, which reads as silence: the rest stays in its place.
        let file = self.ready()?;
        file.write_all_at(bytes, HEADER as u64 + at)?;
        let end = at + bytes.len() as u64;
        file.write_all_at(&header(end), 0)?;
        self.moments = end / MOMENT as u64;
        Ok(())
    }
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;
    use uuid_of::call_id;

    mod uuid_of {
        use model::id::CallId;
        use std::str::FromStr;

        pub(super) fn call_id() -> CallId {
            CallId::from_str("0190f5fe-0000-7000-8000-000000000001").expect("an id")
        }
    }

    fn chunk(at: u64, value: i16) -> Chunk {
        let samples = [value; CHUNK_FRAMES * FRAME * 2];
        Chunk {
            call: call_id(),
            at,
            length: samples.len(),
            samples,
        }
    }

    fn record(path: &Path, chunks: &[Chunk]) -> (Recording, bool) {
        let (events, mut told) = unbounded_channel();
        let alarm = Arc::new(AtomicBool::new(false));
        let (mut recorder, thread) = start(events, Arc::clone(&alarm)).expect("a thread");
        recorder.control(Message::Begin {
            call: call_id(),
            path: path.into(),
        });
        for chunk in chunks {
            assert!(recorder.chunk(*chunk));
        }
        recorder.control(Message::End {
            call: call_id(),
            moments: chunks.len() as u64 * 800,
            cut_off: false,
            voice_ms: Some(5),
        });
        drop(recorder);
        thread.join().expect("the writer ends");
        let Some(Event::Recorded { recording, .. }) = told.blocking_recv() else {
            panic!("no recording was told");
        };
        assert!(told.blocking_recv().is_none(), "told twice");
        (recording, alarm.load(Ordering::Relaxed))
    }

    #[test]
    fn chunks_stand_in_their_places_and_lost_ones_are_silent() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/down/a.wav");
        let (recording, alarm) = record(&path, &[chunk(0, 7), chunk(1600, 9)]);
        assert_eq!(
            (recording.ms, recording.cut_off, recording.voice_ms),
            (200, false, Some(5))
        );
        assert!(!alarm);
        let mut wav = hound::WavReader::open(&path).expect("a WAV");
        let samples: Vec<i16> = wav.samples().map(|s| s.expect("a sample")).collect();
        assert_eq!(samples.len(), 2400 * 2);
        assert!(samples[..1600].iter().all(|s| *s == 7));
        assert!(samples[1600..3200].iter().all(|s| *s == 0));
        assert!(samples[3200..].iter().all(|s| *s == 9));
    }

    #[test]
    fn a_recording_that_nobody_ends_is_told_when_the_writer_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let (events, mut told) = unbounded_channel();
        let (mut recorder, thread) = start(events, Arc::default()).expect("a thread");
        let path = folder.path().join("a.wav");
        recorder.control(Message::Begin {
            call: call_id(),
            path,
        });
        assert!(recorder.chunk(chunk(0, 7)));
        drop(recorder);
        thread.join().expect("the writer ends");
        let Some(Event::Recorded { recording, .. }) = told.blocking_recv() else {
            panic!("no recording was told");
        };
        assert_eq!((recording.ms, recording.cut_off), (100, true));
    }

    #[test]
    fn a_full_disk_is_marked_and_raises_the_alarm() {
        let (recording, alarm) = record(Path::new("/dev/full"), &[chunk(0, 7), chunk(800, 7)]);
        assert!(recording.cut_off && alarm);
    }

    #[test]
    fn a_folder_that_may_not_be_made_is_marked_too() {
        let (recording, alarm) = record(Path::new("/dev/null/a.wav"), &[]);
        assert!(recording.cut_off && alarm);
    }
}
