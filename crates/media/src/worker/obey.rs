//! What a media thread does on a command: where calls and browsers come, meet and go.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use model::id::{BrowserId, CallId};

use super::{Away, HALVES_A_TICK, Worker, guarded};
use crate::browser::Browser;
use crate::call::Surroundings;
use crate::command::Command;
use crate::error::BrowserError;
use crate::route::Place;
use crate::talk::Talk;

impl Worker {
    /// False when told to stop.
    pub(super) fn obey(&mut self, command: Command) -> bool {
        if let Some(call) = command.call() {
            if self.away.contains_key(&call) {
                self.obey_away(call, command);
            } else if let Some(sound) = self.calls.get_mut(&call) {
                let tick = self.half / HALVES_A_TICK;
                match command {
                    Command::Connect(_, described) => sound.connect(&described, tick),
                    Command::ConnectEarly(_, described) => sound.connect_early(&described),
                    Command::Hear(_, number, steps) => sound.hear(number, steps),
                    Command::Mute(_, on) => sound.muted = on,
                    Command::Digit(_, digit) => sound.digit(digit),
                    Command::Stats(_, reply) => {
                        // Who asked may have gone.
                        let _ = reply.send(sound.stats());
                    }
                    Command::OpenColleague(_, colleague) => sound.colleague = Some(colleague),
                    Command::ConnectColleague(_, described) => {
                        if let Some(colleague) = &mut sound.colleague {
                            colleague.leg.connect(&described, tick);
                        }
                    }
                    Command::ConnectColleagueEarly(_, described) => {
                        if let Some(colleague) = &mut sound.colleague {
                            colleague.leg.connect_early(&described);
                        }
                    }
                    Command::Couple(_) => {
                        self.unbridge(call);
                        if let Some(sound) = self.calls.get_mut(&call) {
                            sound.bridge(None, Talk::Colleague);
                        }
                    }
                    Command::CloseColleague(_) => self.close_colleague(call),
                    Command::SootheColleague(_, music) => {
                        if let Some(colleague) = &mut sound.colleague {
                            colleague.soothe(music);
                        }
                    }
                    Command::Supervise(_, wire) => sound.supervisor = Some(wire),
                    Command::ReleaseSupervisor(_) => sound.supervisor = None,
                    Command::Bridge(_, place, talk) => self.bridge(call, place, talk),
                    Command::Unbridge(_) => self.unbridge(call),
                    Command::Close(_) => self.close(call),
                    _ => {}
                }
            }
            return true;
        }
        match command {
            Command::Open(mut call) => {
                call.begin(&mut self.recorder);
                self.calls.insert(call.id, *call);
            }
            Command::Adopt(call, browser, talk) => {
                let id = call.id;
                self.calls.insert(id, *call);
                self.bridge_here(id, browser, talk);
            }
            Command::GiveBack(call, home) => {
                self.unbridge(call);
                if let Some(sound) = self.calls.remove(&call) {
                    self.pass_on(home, Command::Returned(Box::new(sound)));
                }
            }
            Command::Returned(call) => {
                let id = call.id;
                self.calls.insert(id, *call);
                if let Some(Away::Returning(waiting)) = self.away.remove(&id) {
                    for command in waiting {
                        self.obey(command);
                    }
                }
            }
            Command::Browser(browser, offer, reply) => {
                let answer = self.answer(browser, &offer);
                // Who asked may have gone; the leg is then closed by its own command.
                let _ = reply.send(answer);
            }
            Command::CloseBrowser(browser) => self.close_browser(browser),
            Command::Lend(browser, ear) => {
                if let Some(leg) = self.browsers.get_mut(&browser) {
                    guarded(leg, with!(self), |leg, with| leg.end_echo(with));
                    leg.ear = Some(ear);
                }
            }
            Command::Echo(browser) => {
                if let Some(leg) = self.browsers.get_mut(&browser) {
                    guarded(leg, with!(self), |leg, with| leg.begin_echo(with));
                }
            }
            Command::Stop => return false,
            _ => {}
        }
        true
    }

    /// Obeys a command for a call that is on another thread.
    fn obey_away(&mut self, call: CallId, command: Command) {
        let Some(away) = self.away.get_mut(&call) else {
            return;
        };
        let thread = match away {
            Away::Returning(waiting) => return waiting.push(command),
            Away::At(thread) => *thread,
        };
        match command {
            Command::Bridge(_, place, _) if place.thread != thread => {
                *away = Away::Returning(vec![command]);
                self.pass_on(thread, Command::GiveBack(call, self.index));
            }
            command => {
                if matches!(command, Command::Close(_)) {
                    self.away.remove(&call);
                }
                self.pass_on(thread, command);
            }
        }
    }

    fn pass_on(&self, thread: usize, command: Command) {
        // Threads end together, so an error means that the engine is being shut down.
        let _ = self.threads[thread].send(command);
    }

    fn bridge(&mut self, call: CallId, place: Place, talk: Talk) {
        self.unbridge(call);
        if place.thread == self.index {
            self.bridge_here(call, place.browser, talk);
        } else if let Some(sound) = self.calls.remove(&call) {
            self.away.insert(call, Away::At(place.thread));
            let sound = Box::new(sound);
            self.pass_on(place.thread, Command::Adopt(sound, place.browser, talk));
        }
    }

    fn bridge_here(&mut self, call: CallId, browser: BrowserId, talk: Talk) {
        let Some(leg) = self.browsers.get_mut(&browser) else {
            return;
        };
        guarded(leg, with!(self), |leg, with| leg.end_echo(with));
        let before = leg.call.replace(call);
        if let Some(before) = before.filter(|before| *before != call)
            && let Some(sound) = self.calls.get_mut(&before)
        {
            sound.browser = None;
        }
        if let Some(sound) = self.calls.get_mut(&call) {
            sound.bridge(Some(browser), talk);
        }
    }

    fn unbridge(&mut self, call: CallId) {
        let browser = self.calls.get_mut(&call).and_then(|sound| {
            sound.talk = Talk::Apart;
            sound.browser.take()
        });
        if let Some(leg) = browser.and_then(|browser| self.browsers.get_mut(&browser)) {
            leg.call = None;
        }
    }

    pub(super) fn close(&mut self, call: CallId) {
        self.unbridge(call);
        if let Some(sound) = self.calls.remove(&call) {
            sound.close(with!(self));
        }
    }

    fn close_colleague(&mut self, call: CallId) {
        let sound = self.calls.get_mut(&call);
        if let Some(colleague) = sound.and_then(|sound| sound.colleague.take()) {
            colleague.leg.leave(with!(self));
        }
    }

    fn answer(&mut self, browser: BrowserId, offer: &str) -> Result<String, BrowserError> {
        let now = Instant::now();
        let mut known = self.browsers.remove(&browser);
        let bridged = known.as_ref().and_then(|leg| leg.call);
        let ear = known.as_mut().and_then(|leg| leg.ear.take());
        let mut leg = match known {
            Some(leg) if leg.continues(offer) => leg,
            Some(mut leg) => {
                leg.abandon(with!(self));
                Browser::new(browser, &self.station, offer, now)
            }
            None => Browser::new(browser, &self.station, offer, now),
        };
        leg.call = bridged;
        leg.ear = ear;
        let (station, with) = (&self.station, with!(self));
        let answer = catch_unwind(AssertUnwindSafe(|| {
            let answer = leg.answer(offer, station, with);
            (answer, leg.ufrag(), leg)
        }));
        let Ok((answer, name, leg)) = answer else {
            self.close_browser(browser);
            return Err(BrowserError::Unreadable);
        };
        let place = Place {
            browser,
            thread: self.index,
        };
        if answer.is_ok() || leg.is_up() {
            self.names.set(name, place);
            self.browsers.insert(browser, leg);
        } else {
            self.browsers.insert(browser, leg);
            self.close_browser(browser);
        }
        answer
    }

    pub(super) fn close_browser(&mut self, browser: BrowserId) {
        self.names.remove(browser);
        let leg = self.browsers.remove(&browser);
        for sound in self.calls.values_mut() {
            if sound.browser == Some(browser) {
                sound.browser = None;
            }
        }
        if let Some(leg) = leg {
            let (station, with) = (&self.station, with!(self));
            // A leg that panics on its goodbye is gone all the same.
            let _ = catch_unwind(AssertUnwindSafe(|| leg.close(station, with)));
        }
    }
}
