//! A supervisor beside a call: another browser that hears it, and may be heard.

use model::id::{BrowserId, CallId};
use model::supervision::Supervision;

use super::Engine;
use crate::command::Command;
use crate::supervisor::wire;
use crate::talk::Talk;

impl Engine {
    /// Lets a supervisor's browser hear what the operator of the call hears and
    /// says, and be heard as told; again to change how. One supervisor is at a
    /// call: another one takes the place. Whoever the operator talks with hears
    /// one who barges in, and the recording holds that on the operator's side;
    /// a whisper is heard by the operator alone and is not recorded. It ends with
    /// the call, with the browser's leg or with [`Engine::release_supervisor`]. The
    /// browser must not be bridged with a call of its own.
    pub fn supervise(&self, call: CallId, browser: BrowserId, how: Supervision) {
        let thread = self.inner.directory().browsers.get(&browser).copied();
        if let Some(thread) = thread {
            let (wire, ear) = wire(how);
            self.inner.send(thread, Command::Lend(browser, ear));
            self.inner.to_call(call, Command::Supervise(call, wire));
        }
    }

    /// Keeps an operator's browser at the call while the caller is on hold and
    /// hears the program: it hears, and is heard by, nobody but the supervisor.
    pub fn attend(&self, call: CallId, browser: BrowserId) {
        self.join(call, browser, Talk::Attended);
    }

    /// Ends the supervisor's part in the call; the browser hears silence.
    pub fn release_supervisor(&self, call: CallId) {
        self.inner.to_call(call, Command::ReleaseSupervisor(call));
    }
}
