//! A supervisor beside a call: a browser's leg that stays on its own thread,
//! with a wire of frames between the two. Each end notices by itself that the other is gone.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use model::audio::Law;
use model::supervision::Supervision;

use crate::g711::{Bytes, FRAME, Pcm, decode, encode};

/// Frames on the way between two threads: what their ticks lie apart, and a late one. More would be heard as delay.
const ON_THE_WAY: usize = 3;

/// A frame with its law.
type Frame = (Law, Bytes);

/// The call's end of the wire.
pub(crate) struct Wire {
    how: Supervision,
    heard: SyncSender<Frame>,
    said: Receiver<Frame>,
}

/// The browser's end of it.
pub(crate) struct Ear {
    heard: Receiver<Frame>,
    said: SyncSender<Frame>,
}

/// What a supervisor's browser is given in a tick.
pub(crate) enum Given {
    /// A frame, in this law.
    Frame(Law),
    /// None has come yet.
    Nothing,
    /// The call has let the supervisor go.
    Gone,
}

/// A wire with its two ends.
pub(crate) fn wire(how: Supervision) -> (Wire, Ear) {
    let (hear, heard) = sync_channel(ON_THE_WAY);
    let (say, said) = sync_channel(ON_THE_WAY);
    let wire = Wire {
        how,
        heard: hear,
        said,
    };
    (wire, Ear { heard, said: say })
}

impl Wire {
    pub(crate) fn how(&self) -> Supervision {
        self.how
    }

    /// What the supervisor says to those who are to hear it; silence where nobody is.
    pub(crate) fn voice(&self) -> Pcm {
        let mut voice = [0; FRAME];
        if let Ok((law, bytes)) = self.said.try_recv()
            && self.how.is_heard_by_the_operator()
        {
            decode(law, &bytes, &mut voice);
        }
        voice
    }

    /// Lets the supervisor hear a frame; false where the browser is gone.
    pub(crate) fn hear(&self, law: Law, sound: &Pcm) -> bool {
        let mut bytes = [0; FRAME];
        encode(law, sound, &mut bytes);
        // A full wire belongs to a thread that lags: it loses this frame, as a network would.
        !matches!(
            self.heard.try_send((law, bytes)),
            Err(std::sync::mpsc::TrySendError::Disconnected(_))
        )
    }
}

impl Ear {
    /// Hands over what the browser said, in A-law, and gives what it is to hear.
    pub(crate) fn turn(&self, said: &Bytes, heard: &mut Bytes) -> Given {
        // A full wire loses it, and that of a call that is gone is noticed below.
        let _ = self.said.try_send((Law::A, *said));
        match self.heard.try_recv() {
            Ok((law, bytes)) => {
                *heard = bytes;
                Given::Frame(law)
            }
            Err(TryRecvError::Empty) => Given::Nothing,
            Err(TryRecvError::Disconnected) => Given::Gone,
        }
    }
}
