//! The sound of a call from the extension to itself: carried from one side to
//! the other, or not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use model::audio::Digit;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Flaw, HERE};

/// Payload type of telephone events.
const EVENTS: u8 = 101;

/// What the sound tells.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// The caller pressed a key, which is to go as a message.
    Key(char),
}

type Place = Arc<Mutex<Option<SocketAddr>>>;

/// Two sockets, and what goes between them; it ends when dropped.
pub struct Relay {
    /// Where the caller's sound comes to.
    pub caller_side: SocketAddr,
    /// Where the callee's does.
    pub callee_side: SocketAddr,
    caller: Place,
    callee: Place,
    _stop: DropGuard,
}

impl Relay {
    /// Starts it; nothing is carried until it is known where to.
    pub async fn start(
        flaw: Flaw,
        told: mpsc::UnboundedSender<Told>,
        stop: CancellationToken,
    ) -> std::io::Result<Self> {
        let caller_socket = Arc::new(UdpSocket::bind((HERE, 0)).await?);
        let callee_socket = Arc::new(UdpSocket::bind((HERE, 0)).await?);
        let relay = Self {
            caller_side: caller_socket.local_addr()?,
            callee_side: callee_socket.local_addr()?,
            caller: Place::default(),
            callee: Place::default(),
            _stop: stop.clone().drop_guard(),
        };
        let apart = flaw == Flaw::PrivateAddress;
        let onward = Direction {
            from: caller_socket.clone(),
            through: callee_socket.clone(),
            to: relay.callee.clone(),
            deaf: apart || flaw == Flaw::SendsNoSound,
            changes_keys: flaw == Flaw::ChangesKeys,
            drops_keys: flaw == Flaw::DropsKeys || flaw == Flaw::KeysAsInfo,
            told: (flaw == Flaw::KeysAsInfo).then_some(told),
        };
        let back = Direction {
            from: callee_socket,
            through: caller_socket,
            to: relay.caller.clone(),
            deaf: apart || flaw == Flaw::HearsNoSound,
            changes_keys: flaw == Flaw::ChangesKeys,
            drops_keys: flaw == Flaw::DropsKeys,
            told: None,
        };
        for direction in [onward, back] {
            tokio::spawn(stop.clone().run_until_cancelled_owned(direction.run()));
        }
        Ok(relay)
    }

    /// The caller's sound goes there.
    pub fn caller_at(&self, address: SocketAddr) {
        *self.caller.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }

    /// The callee's does.
    pub fn callee_at(&self, address: SocketAddr) {
        *self.callee.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }
}

struct Direction {
    from: Arc<UdpSocket>,
    through: Arc<UdpSocket>,
    to: Place,
    deaf: bool,
    changes_keys: bool,
    drops_keys: bool,
    told: Option<mpsc::UnboundedSender<Told>>,
}

impl Direction {
    async fn run(self) {
        let mut packet = [0; 2048];
        let mut last = None;
        loop {
            let Ok((length, _)) = self.from.recv_from(&mut packet).await else {
                continue;
            };
            let packet = &mut packet[..length];
            if length < 13 || self.deaf {
                continue;
            }
            if packet[1] & 0x7f == EVENTS && self.changes_keys {
                packet[12] = (packet[12] + 1) % 10;
            }
            if packet[1] & 0x7f == EVENTS && self.drops_keys {
                let stamp = packet[4..8].to_vec();
                if last.as_ref() != Some(&stamp)
                    && let Some(told) = &self.told
                    && let Some(digit) = Digit::from_event(packet[12])
                {
                    // A PBX that stopped listens no more.
                    let _ = told.send(Told::Key(digit.as_char()));
                }
                last = Some(stamp);
                continue;
            }
            let to = *self.to.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(to) = to {
                let _ = self.through.send_to(packet, to).await;
            }
        }
    }
}
