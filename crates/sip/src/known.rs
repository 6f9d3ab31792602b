//! Whom the endpoint knows. Everybody else is a stranger, and gets nothing
//! worth having.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use model::id::LineId;
use rsipstack::transaction::Transaction;
use tokio::sync::mpsc;

use crate::core::DialogId;
use crate::message::Message;
use crate::socket::lock;

/// Lines by their contacts' user parts.
pub(crate) type Contacts = Arc<Mutex<HashMap<String, LineId>>>;
/// Where requests of the dialogs go.
pub(crate) type Dialogs = Arc<Mutex<HashMap<DialogId, mpsc::UnboundedSender<Transaction>>>>;

/// Addresses at which lines are registered.
#[derive(Debug, Default)]
pub(crate) struct Peers(Mutex<HashMap<IpAddr, usize>>);

impl Peers {
    pub(crate) fn add(&self, ip: IpAddr) {
        *lock(&self.0).entry(ip.to_canonical()).or_default() += 1;
    }

    pub(crate) fn remove(&self, ip: IpAddr) {
        let mut peers = lock(&self.0);
        if let Some(count) = peers.get_mut(&ip.to_canonical()) {
            *count -= 1;
            if *count == 0 {
                peers.remove(&ip.to_canonical());
            }
        }
    }

    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        lock(&self.0).contains_key(&ip.to_canonical())
    }
}

/// What a request may be known by.
#[derive(Clone, Default)]
pub(crate) struct Known {
    pub(crate) peers: Arc<Peers>,
    pub(crate) contacts: Contacts,
    pub(crate) dialogs: Dialogs,
}

impl Known {
    /// Whether a request is for somebody here: it names a line's contact, which
    /// nobody can guess, or a dialog. The address that it comes from says
    /// nothing, for anybody can write a PBX's on a datagram.
    pub(crate) fn is_named(&self, message: &Message<'_>) -> bool {
        let contact = || {
            message
                .user()
                .is_some_and(|user| lock(&self.contacts).contains_key(&user))
        };
        let dialog = || {
            message
                .dialog()
                .is_some_and(|dialog| lock(&self.dialogs).contains_key(&dialog))
        };
        contact() || dialog()
    }
}
