//! What every target asks of every input.

use std::time::{Duration, Instant};

/// What no input may cost.
const AT_MOST: Duration = Duration::from_millis(100);

/// Reads an input, which is not to take long; three times where it seems to,
/// for another program may have had the processor.
///
/// # Panics
/// Where it takes long.
pub fn in_time(mut read: impl FnMut()) {
    let quick = (0..3).any(|_| {
        let begun = Instant::now();
        read();
        begun.elapsed() <= AT_MOST
    });
    assert!(quick, "it takes more than {AT_MOST:?}");
}
