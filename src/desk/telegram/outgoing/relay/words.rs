//! How a relayed message reads in a group: whose it is, and what it says. Pure but for asking who the
//! customer is.

use super::unread;
use crate::{
    desk::{Plain, telegram::draw::Html},
    domain::{ids::ThreadKey, message::Party},
    engine::{Handle, SendError, chat::rows::LineToCarry},
};

/// A customer of whom nothing is known.
const NAMELESS: &str = "Customer";
/// After a customer's name, where they write to a Business account.
pub(super) const OF_BUSINESS: &str = " · Business";
/// The longest name of a topic that Telegram takes is 128 characters; some is left for what follows.
const LONGEST_TOPIC: usize = 100;

/// A customer's name.
pub(super) async fn name_of(engine: &Handle, thread: &ThreadKey) -> Result<Plain, SendError> {
    let name = engine.customer_name(thread.clone()).await.map_err(unread)?;
    let name = name.map(|name| Plain::name(name.reveal()));
    Ok(name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| Plain::name(NAMELESS)))
}

/// A topic's name.
pub(super) fn topic(name: &Plain) -> String {
    Plain::new(name.as_str(), LONGEST_TOPIC).as_str().to_owned()
}

/// A message's text. `is_own`: it stands in the customer's own topic.
pub(super) fn text(line: &LineToCarry, name: &Plain, is_own: bool) -> String {
    let mut html = Html::message();
    whose(&mut html, line, name, is_own);
    html.text(line.text.reveal());
    html.finish()
}

/// What stands under what came with a message: its text, but for the word that stands for nothing else.
pub(super) fn caption(line: &LineToCarry, name: &Plain, is_own: bool) -> String {
    let mut html = Html::caption();
    whose(&mut html, line, name, is_own);
    let text = line.text.reveal();
    let is_bare = line
        .attachment
        .is_some_and(|attachment| text == attachment.in_brackets());
    if !is_bare {
        html.text(text);
    }
    html.finish()
}

/// Who wrote it, and in a group without topics to whom.
fn whose(html: &mut Html, line: &LineToCarry, name: &Plain, is_own: bool) {
    match line.from {
        Party::Customer if is_own => return,
        Party::Customer => {
            html.ours("👤 ").within_bold(|html| {
                html.theirs(name);
            });
        }
        Party::Agent => {
            let by = line
                .name
                .as_ref()
                .map_or("A colleague", |name| name.as_str());
            html.ours("↪️ ").within_bold(|html| {
                html.theirs(&Plain::name(by));
            });
        }
        Party::Bot => {
            html.ours("🤖 ").bold("Automatic message");
        }
    }
    if line.from != Party::Customer && !is_own {
        html.ours(" → ").theirs(name);
    }
    html.line();
}
