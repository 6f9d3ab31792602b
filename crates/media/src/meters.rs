//! Counters of the packets. Kept plainly by each thread and handed to the metrics once a second.

/// What a thread has counted since the last time.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    /// Packets with sound or keys that came from a peer.
    pub received: u64,
    /// Packets that were sent.
    pub sent: u64,
    /// Packets that never came.
    pub lost: u64,
    /// Packets that came after their moment.
    pub late: u64,
    /// Packets from an address that is not the peer's.
    pub strangers: u64,
}

impl Meters {
    /// Hands everything over and starts from zero.
    pub(crate) fn publish(&mut self) {
        let counted = std::mem::take(self);
        metrics::counter!("telefonistka_rtp_packets_total", "direction" => "in")
            .increment(counted.received);
        metrics::counter!("telefonistka_rtp_packets_total", "direction" => "out")
            .increment(counted.sent);
        metrics::counter!("telefonistka_rtp_lost_total").increment(counted.lost);
        metrics::counter!("telefonistka_rtp_late_total").increment(counted.late);
        metrics::counter!("telefonistka_rtp_strangers_total").increment(counted.strangers);
    }
}
