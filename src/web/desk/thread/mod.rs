//! The thread view: what customer and team have said, and beside each message how it counts, what
//! was understood and what was decided. Everything that is done on it is a form.

mod kept;
#[cfg(test)]
mod played;
mod show;
mod words;
