//! The desk in Telegram: cards and messages go out (`outgoing`), what agents press, command and answer
//! comes in (`incoming`). Decides nothing: it submits to the engine, and draws what stands there.

mod button;
mod draw;
mod incoming;
mod outgoing;
mod wording;

pub use incoming::Incoming;
pub use outgoing::{Outgoing, Relayed};
