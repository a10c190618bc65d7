//! What people see and do, in a real browser: each story through the real program, with a fresh
//! database, customers and agents each in a window of their own.

mod browser;
mod callbacks;
mod checks;
mod demo;
mod doubts;
mod elsewhere;
mod endings;
mod everybody;
mod forms;
mod hostile;
mod interruptions;
mod one_person;
mod people;
mod scripts;
mod shifts;
mod together;
mod with_a_bot;
