//! The queue against a model of its rules that is slower and shares nothing
//! with it: random walks, and a day of a thousand callers and a hundred operators.
//!
//! `WALK_SEED=n cargo test -p call --test queue` repeats one walk.

mod day;
mod model;
mod twins;
mod walks;
