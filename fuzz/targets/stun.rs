//! What comes to the browsers' port: STUN, DTLS, sound.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::in_time(|| media::fuzz::browser(input)));
