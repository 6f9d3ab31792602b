//! The only crate that knows SIP: registrations, dialogs, session descriptions
