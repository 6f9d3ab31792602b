//! One call's recording on its way to the writer: both sides brought together by the engine's clock.

use model::id::CallId;
use std::path::PathBuf;

use crate::g711::{FRAME, Pcm};
use crate::playout::DELAY_FRAMES;
use crate::recorder::{CHUNK_FRAMES, Chunk, Message, Recorder};

/// A recording. The caller's sound comes out of the playout buffer later than
/// it arrived; what the caller hears is held back by as much, so that both
/// stand in the file at the moment when they passed the engine.
pub(crate) struct Tape {
    /// Tick of the connection; none before it.
    start: Option<u64>,
    chunk: Chunk,
    held: [Pcm; DELAY_FRAMES],
    next: usize,
    end: u64,
    lost: bool,
}

impl Tape {
    /// Begins a recording.
    pub(crate) fn new(call: CallId, path: PathBuf, recorder: &mut Recorder) -> Self {
        recorder.control(Message::Begin { call, path });
        Self {
            start: None,
            chunk: Chunk {
                call,
                at: 0,
                length: 0,
                samples: [0; CHUNK_FRAMES * FRAME * 2],
            },
            held: [[0; FRAME]; DELAY_FRAMES],
            next: 0,
            end: 0,
            lost: false,
        }
    }

    /// Takes a tick's two frames.
    pub(crate) fn take(&mut self, tick: u64, left: &Pcm, right: &Pcm, recorder: &mut Recorder) {
        let start = *self.start.get_or_insert(tick);
        let held = std::mem::replace(&mut self.held[self.next], *right);
        self.next = (self.next + 1) % DELAY_FRAMES;
        // The first frames of the buffer are from before the beginning; and the
        // thread that a call has moved to may be a tick behind the one it came from.
        if let Some(frame) = tick.checked_sub(start + DELAY_FRAMES as u64) {
            self.put(frame * FRAME as u64, left, &held, recorder);
        }
    }

    fn put(&mut self, at: u64, left: &Pcm, right: &Pcm, recorder: &mut Recorder) {
        // After a pause of the whole machine the clock has jumped.
        if at != self.end {
            self.flush(recorder);
        }
        if self.chunk.length == 0 {
            self.chunk.at = at;
        }
        let room = &mut self.chunk.samples[self.chunk.length..][..2 * FRAME];
        for (n, moment) in room.chunks_exact_mut(2).enumerate() {
            moment.copy_from_slice(&[left[n], right[n]]);
        }
        self.chunk.length += 2 * FRAME;
        self.end = at + FRAME as u64;
        if self.chunk.length == self.chunk.samples.len() {
            self.flush(recorder);
        }
    }

    fn flush(&mut self, recorder: &mut Recorder) {
        if self.chunk.length > 0 {
            self.lost |= !recorder.chunk(self.chunk);
            self.chunk.length = 0;
        }
    }

    /// Ends the recording; `rest` gives what the playout buffer still holds.
    pub(crate) fn end(
        mut self,
        mut rest: impl FnMut() -> Pcm,
        voice_ms: Option<u32>,
        recorder: &mut Recorder,
    ) {
        if self.start.is_some() {
            for n in 0..DELAY_FRAMES {
                let right = self.held[(self.next + n) % DELAY_FRAMES];
                let left = rest();
                self.put(self.end, &left, &right, recorder);
            }
        }
        self.flush(recorder);
        recorder.control(Message::End {
            call: self.chunk.call,
            moments: self.end,
            cut_off: self.lost,
            voice_ms,
        });
    }
}
