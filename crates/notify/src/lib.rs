//! Deliveries of messages: schedule, e-mail
