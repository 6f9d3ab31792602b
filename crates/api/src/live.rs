//! What changes in a company, as it happens (server-sent events).

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use serde_json::json;
use store::{Change, ChangeKind, Seen, StoreError};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

/// A comment keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is looked whether the session still stands.
const SESSION_CHECK: Duration = Duration::from_secs(60);

struct Feed {
    api: Api,
    viewer: Viewer,
    changes: Receiver<Change>,
    check: Interval,
}

/// The company's changes until the page goes, the session ends or the server
/// stops. A page that fell behind is cut off: it connects again and reads anew.
pub fn events(
    api: Api,
    viewer: Viewer,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut check = interval(SESSION_CHECK);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let feed = Feed {
        changes: api.store.changes(),
        api,
        viewer,
        check,
    };
    let stream = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => match self.is_seen(change).await {
                        Ok(true) => return Some(event(change.kind)),
                        Ok(false) => {}
                        // The page connects again, and reads anew.
                        Err(_) => return None,
                    },
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
                _ = self.check.tick() => if !self.api.still_signed_in(&self.viewer.token).await {
                    return None;
                },
                () = self.api.stopping.cancelled() => return None,
            }
        }
    }

    /// Whether the viewer may know of the change.
    async fn is_seen(&mut self, change: Change) -> Result<bool, Problem> {
        if change.company != self.viewer.company {
            return Ok(false);
        }
        self.viewer.look_again(&self.api).await?;
        let seen = &self.viewer.seen;
        if *seen == Seen::Everything {
            return Ok(true);
        }
        let store = &self.api.store;
        let found = match change.kind {
            ChangeKind::Call(id) => store.calls().is_seen(change.company, id, seen).await,
            ChangeKind::Message(id) => match store.messages().get(change.company, seen, id).await {
                Ok(_) => Ok(true),
                Err(StoreError::NotFound) => Ok(false),
                Err(error) => Err(error),
            },
            ChangeKind::People => Ok(true),
            ChangeKind::Line(_) | ChangeKind::Hours | ChangeKind::Callers | ChangeKind::Tasks => {
                Ok(false)
            }
        };
        Ok(found?)
    }
}

fn event(kind: ChangeKind) -> Event {
    let (name, data) = match kind {
        ChangeKind::Call(id) => ("call", json!({ "id": id })),
        ChangeKind::Message(id) => ("message", json!({ "id": id })),
        ChangeKind::Line(id) => ("line", json!({ "id": id })),
        ChangeKind::Hours => ("hours", json!({})),
        ChangeKind::People => ("people", json!({})),
        ChangeKind::Callers => ("callers", json!({})),
        ChangeKind::Tasks => ("tasks", json!({})),
    };
    Event::default().event(name).data(data.to_string())
}
