//! Телефонистка: an answering service in one program.

fn main() {}
