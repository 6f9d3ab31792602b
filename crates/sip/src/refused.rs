//! Who hears of a request that the border answers itself: it never reaches a
//! line, whose company and doctor want to know of it all the same.

use std::net::IpAddr;
use std::sync::Arc;

use model::call::Caller;

use crate::doctor::Doctors;
use crate::trace::Traces;

/// Those who hear of it; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Refused {
    pub(crate) traces: Traces,
    pub(crate) doctors: Arc<Doctors>,
}

impl Refused {
    /// Tells of a request, and of the answer that it got.
    pub(crate) fn tell(&self, from: IpAddr, request: &[u8], answer: &[u8]) {
        let Some((line, number)) = self.traces.take_refused(from, request, answer) else {
            return;
        };
        let status = answer.split(|byte| *byte == b' ').nth(1);
        let code = status
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| code.parse().ok());
        if let Some(code) = code {
            let caller = Caller { number, name: None };
            self.doctors.refused(line, &caller, code);
        }
    }
}
