//! The engine against real sockets on the loopback, with telephones and browsers of the tests' own.

mod alarms;
mod bridge;
mod browsers;
mod codecs;
mod coder;
mod colleagues;
mod crowd;
mod families;
mod keys;
mod packing;
mod programs;
mod recordings;
mod sound;
mod spoken_keys;
mod stats;
mod strangers;
mod streams;
mod supervisors;
mod telephone;
mod webrtc;
mod world;
