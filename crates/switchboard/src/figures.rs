//! Calls, queue and lines in figures, for those who watch the server.

use std::collections::HashMap;

use model::operator::OperatorState;
use model::pbx::Connection;

use crate::exchange::Exchange;
use crate::shared::Figures;

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
    /// Sets the gauges and the figures, and the alarm of a disk that takes no recordings.
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
        self.shared.set_figures(self.shown());
    }

    fn shown(&self) -> Figures {
        let operators: HashMap<_, _> = self
            .told
            .iter()
            .map(|(operator, told)| (*operator, told.state))
            .collect();
        let signed_in = operators
            .values()
            .filter(|state| **state != OperatorState::Offline);
        let lines = |state| {
            let lines = self.directory.all();
            lines
                .filter(|e| line_state(&self.shared.connection(e.line.id)) == state)
                .count()
        };
        let narrow = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Figures {
            running_calls: narrow(self.calls.len()),
            operators_signed_in: narrow(signed_in.count()),
            lines_registered: narrow(lines("registered")),
            lines_failing: narrow(lines("failed")),
            operators,
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
