//! Accounts, from outside: signing in and out, forms, limits, headers, the command line, and which
//! role may do what.

mod admin;
mod command_line;
mod forms;
mod guard;
mod limits;
mod routes;
mod sign_in;
