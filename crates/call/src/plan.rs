//! The one rule of what a caller will hear.

use model::line::Line;

/// What awaits a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// The sound check: the line is not connected to the call centre.
    LineCheck,
    /// Short beeps: it is outside of working hours, and the line takes no calls then.
    Busy,
    /// Short beeps: the caller is on the company's black list.
    Blocked,
    /// Operators answer.
    Operators {
        /// Whether it is working time: the voice message's prompt differs.
        open: bool,
    },
}

/// What awaits a caller of the line at this moment. The cabinet's «what will a
/// caller hear» asks the same, so it can't promise anything else.
pub fn plan(line: &Line, open_now: bool) -> Plan {
    if !line.connected {
        Plan::LineCheck
    } else if !open_now && !line.script.outside_hours {
        Plan::Busy
    } else {
        Plan::Operators { open: open_now }
    }
}

#[cfg(test)]
mod tests {
    use model::id::{CompanyId, LineId};
    use model::line::{Line, Scenario, Script};

    use super::{Plan, plan};

    fn line(connected: bool, outside_hours: bool) -> Line {
        Line {
            id: LineId(Default::default()),
            company: CompanyId(Default::default()),
            name: "Основная".into(),
            scenario: Scenario::MissedCalls,
            script: Script {
                outside_hours,
                ..Script::default()
            },
            account: None,
            contact: String::new(),
            connected,
        }
    }

    #[test]
    fn a_line_that_is_not_connected_checks_the_sound_at_any_hour() {
        for open in [true, false] {
            assert_eq!(plan(&line(false, false), open), Plan::LineCheck);
            assert_eq!(plan(&line(false, true), open), Plan::LineCheck);
        }
    }

    #[test]
    fn beeps_are_heard_only_outside_hours_and_only_where_so_chosen() {
        assert_eq!(plan(&line(true, false), false), Plan::Busy);
        assert_eq!(
            plan(&line(true, false), true),
            Plan::Operators { open: true }
        );
        assert_eq!(
            plan(&line(true, true), false),
            Plan::Operators { open: false }
        );
    }
}
