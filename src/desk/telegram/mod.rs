//! The desk in Telegram: cards and messages go out (`outgoing`), what agents press, command and answer
//! comes in (`incoming`). Decides nothing: it submits to the engine, and draws what stands there.

mod incoming;
mod outgoing;

pub use incoming::Incoming;
pub use outgoing::Outgoing;
