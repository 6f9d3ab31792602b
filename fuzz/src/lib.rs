//! What every target asks of every input.

use std::time::{Duration, Instant};

/// What no input may cost, in time of the processor.
const AT_MOST: Duration = Duration::from_millis(100);

/// Reads an input, which is not to take long; again where it seems to, for
/// others may have had the processor.
///
/// # Panics
/// Where it does.
pub fn in_time(mut read: impl FnMut()) {
    let begun = Instant::now();
    read();
    if begun.elapsed() > AT_MOST {
        let begun = spent();
        read();
        let took = spent().saturating_sub(begun);
        assert!(took <= AT_MOST, "it takes {took:?}");
    }
}

/// The time that this thread has had the processor (proc(5)).
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|told| told.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}
