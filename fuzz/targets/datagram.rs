//! Datagrams at the border of an endpoint, as a line's PBX sends them.
#![no_main]

use std::cell::RefCell;

use sip::fuzz::Gate;

thread_local!(static GATE: RefCell<Gate> = RefCell::default());

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    GATE.with_borrow_mut(|gate| {
        fuzz::in_time(|| {
            gate.datagram(input);
        });
    });
});
