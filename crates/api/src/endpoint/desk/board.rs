//! «Табло»: queue, operators and figures of all companies, for supervisors.

pub mod figures;
pub mod socket;
pub mod thresholds;
