//! Call control and the queue as pure state machines: no I/O, no clock, no tokio
