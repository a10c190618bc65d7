//! The command line: parse, run, report the error, exit code.

fn main() {}
