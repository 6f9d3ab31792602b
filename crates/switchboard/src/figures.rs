//! Calls, queue and lines in figures, for those who watch the server.

use model::pbx::Connection;

use crate::exchange::Exchange;

/// States that a call may be in, as the metrics name them.
const CALL_STATES: [&str; 6] = [
    "line_check",
    "waiting",
    "connecting",
    "talking",
    "dropped",
    "voice_message",
];

/// States that a line may be in, as the metrics name them.
const LINE_STATES: [&str; 4] = ["not_configured", "connecting", "registered", "failed"];

impl Exchange {
    /// Sets the gauges, and the alarm of a disk that takes no recordings.
    pub(crate) fn measure(&self) {
        self.shared.set_recording_cut(self.engine.recording_alarm());
        for state in CALL_STATES {
            let calls = self
                .calls
                .values()
                .filter(|live| live.state_name() == state)
                .count();
            metrics::gauge!("telefonistka_calls", "state" => state).set(count(calls));
        }
        metrics::gauge!("telefonistka_queue_length").set(count(self.figures.waiting));
        for state in LINE_STATES {
            let lines = self
                .directory
                .all()
                .filter(|e| line_state(&self.shared.connection(e.line.id)) == state);
            metrics::gauge!("telefonistka_lines", "state" => state).set(count(lines.count()));
        }
    }
}

fn line_state(connection: &Connection) -> &'static str {
    match connection {
        Connection::NotConfigured => "not_configured",
        Connection::Connecting => "connecting",
        Connection::Registered { .. } => "registered",
        Connection::Failed { .. } => "failed",
    }
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}
