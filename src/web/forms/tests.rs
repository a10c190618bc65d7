//! The forms as a customer's browser meets them: all routes of the program, a real engine and
//! database, and a clock of the test's own.

mod browser;
mod filling;
mod links;
