//! The vocabulary: what every other module speaks in. Plain data with parsing constructors;
//! no behaviour beyond what keeps a value valid, no IO, no clock, and nothing of ours but itself.

pub mod account;
pub mod callback;
pub mod chat;
pub mod cut;
pub mod decision;
pub mod edit;
pub mod form;
pub mod group;
pub mod hours;
pub mod ids;
pub mod message;
pub mod number;
pub mod openings;
pub mod private;
pub mod reading;
pub mod record;
pub mod thread;
pub mod time;
pub mod vocabulary;
