//! Packets of a call's sound, plain and encrypted.
#![no_main]

use std::cell::RefCell;

use media::fuzz::Ear;

thread_local!(static EAR: RefCell<Ear> = RefCell::new(Ear::new().expect("a socket")));

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    EAR.with_borrow_mut(|ear| fuzz::in_time(|| ear.packets(input).expect("a socket")));
    fuzz::in_time(|| media::fuzz::sealed(input));
});
