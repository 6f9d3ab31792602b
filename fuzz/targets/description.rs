//! Session descriptions.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::in_time(|| sip::fuzz::description(input)));
