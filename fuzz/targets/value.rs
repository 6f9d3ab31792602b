//! Values of headers that challenge, or that say who somebody is.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::in_time(|| sip::fuzz::value(input)));
