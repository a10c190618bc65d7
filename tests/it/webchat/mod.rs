//! The web chat through its front door: the real program, and a customer's page.

pub(crate) mod customer;
mod forms;
mod gates;
mod helped;
mod limits;
mod lines;
