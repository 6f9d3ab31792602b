//! Puts the switchboard together and starts it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use call::{Limits, Queue};
use media::Engine;
use store::{Recordings, Store};
use tokio::sync::mpsc;

use crate::boards::Boards;
use crate::desk::QueueFigures;
use crate::desks::Desks;
use crate::directory::Directory;
use crate::doctor::Clinic;
use crate::exchange::{Exchange, Sources};
use crate::facts::Facts;
use crate::handle::Handle;
use crate::packing::Packing;
use crate::recovery;
use crate::returns::Returns;
use crate::shared::Shared;

/// What the switchboard connects.
pub struct Parts {
    /// Everything that outlives a call.
    pub store: Store,
    /// Where recordings are.
    pub recordings: Recordings,
    /// The PBX's side.
    pub sip: sip::Endpoint,
    /// What it tells.
    pub sip_events: mpsc::Receiver<sip::Event>,
    /// The sound.
    pub media: Engine,
    /// What it tells.
    pub media_events: mpsc::UnboundedReceiver<media::Event>,
    /// How long things may take.
    pub limits: Limits,
    /// Whether messages go out by e-mail.
    pub email_enabled: bool,
}

/// Starts the switchboard: what an earlier server left unfinished is brought
/// to its end, lines are registered, calls are served until [`Handle::drain`].
pub async fn start(parts: Parts) -> Result<Handle, store::StoreError> {
    let Parts {
        store,
        recordings,
        sip,
        sip_events,
        media,
        media_events,
        limits,
        email_enabled,
    } = parts;
    let shared = Arc::new(Shared::default());
    let (facts, facts_writer) = Facts::start(store.clone(), email_enabled, Arc::clone(&shared));
    let packing = Packing::new(recordings.clone(), facts.clone());
    recovery::recover(&store, &recordings, &packing).await?;

    let (requests, from_requests) = mpsc::unbounded_channel();
    let (notes, from_notes) = mpsc::unbounded_channel();
    let traces = sip.traces();
    let clinic = Clinic::new(sip.clone(), media.clone(), store.clone());
    let exchange = Exchange {
        store,
        sip,
        engine: media,
        limits,
        shared: Arc::clone(&shared),
        facts,
        facts_writer,
        packing,
        recordings,
        clinic: clinic.clone(),
        notes,
        directory: Directory::default(),
        calls: HashMap::new(),
        legs: HashMap::new(),
        wanted: HashMap::new(),
        closing: HashMap::new(),
        queue: Queue::new(limits),
        figures: QueueFigures::default(),
        desks: Desks::default(),
        boards: Boards::default(),
        shifts_noted: None,
        told: HashMap::new(),
        returns: Returns::default(),
        programs: 0,
        steps: VecDeque::new(),
        touched: Vec::new(),
        draining: None,
    };
    tokio::spawn(exchange.run(Sources {
        requests: from_requests,
        sip: sip_events,
        media: media_events,
        notes: from_notes,
    }));
    Ok(Handle {
        requests,
        shared,
        limits,
        traces,
        clinic,
    })
}
