//! A customer's PBX, a caller and a robot operator, for tests and for the demo
