//! Placeholder until the first step lands.

fn main() {}
