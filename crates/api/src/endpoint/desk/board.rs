//! «Табло»: queue, operators and figures of all companies, for supervisors.

pub mod socket;
