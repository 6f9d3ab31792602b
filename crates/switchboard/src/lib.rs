//! Runs live calls: the thin driver between SIP, media, desk and the call's own words
