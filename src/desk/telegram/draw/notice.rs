//! What a desk is told of a thread: what, about whom, and what to do.

use super::{Calendar, Html};
use crate::{
    desk::{
        Plain,
        notices::{Told, Weight},
    },
    domain::{
        form::{FormKind, FormState},
        ids::ChannelName,
        time::Timestamp,
    },
};

/// A notice. `draft`: words that an agent could use.
pub(in crate::desk::telegram) fn notice(
    told: &Told,
    name: &Plain,
    channel: &ChannelName,
    at: (Timestamp, &Calendar),
    draft: Option<&str>,
) -> String {
    let mut html = Html::message();
    let sign = match told.weight {
        Weight::Note => "",
        Weight::Warm => "⏳ ",
        Weight::Urgent => "❗ ",
    };
    html.ours(sign).bold(&told.title);
    about(&mut html, name, channel);
    let (at, calendar) = at;
    html.ours(" · ").ours(&calendar.at(at));
    html.line().ours(told.advice);
    if let Some(draft) = draft {
        html.line().quote(|html| {
            html.text(draft);
        });
    }
    html.finish()
}

/// The question whether a message was thanks that has ended its case; without its text where the group must
/// not see it.
pub(in crate::desk::telegram) fn doubt(
    name: &Plain,
    channel: &ChannelName,
    (at, calendar): (Timestamp, &Calendar),
    text: Option<&str>,
) -> String {
    let mut html = Html::message();
    html.ours("🔎 ").bold("Solved by this thank-you?");
    about(&mut html, name, channel);
    html.ours(" · ").ours(&calendar.at(at));
    match text {
        Some(text) => html.line().quote(|html| {
            html.text(text);
        }),
        None => html.line().ours("Look at the thread and say so there."),
    };
    html.finish()
}

/// How far a form has come that a customer was asked to fill in; `None`: nothing to tell. Never what was
/// filled in.
pub(in crate::desk::telegram) fn form(
    purpose: FormKind,
    state: FormState,
    name: &Plain,
    channel: &ChannelName,
) -> Option<String> {
    let words = match (purpose, state) {
        (FormKind::Details, FormState::Submitted) => "📝 Their form for a call has been filled in",
        (FormKind::Identity, FormState::Submitted) => {
            "📝 An identity form has been filled in: it waits to be checked on the web desk"
        }
        (FormKind::Identity, FormState::Verified) => "✅ Identity verified",
        (FormKind::Identity, FormState::Failed) => "❗ Identity not verified",
        _ => return None,
    };
    let mut html = Html::message();
    html.ours(words);
    about(&mut html, name, channel);
    Some(html.finish())
}

fn about(html: &mut Html, name: &Plain, channel: &ChannelName) {
    html.ours(" · ").theirs(name).ours(&format!(" · {channel}"));
}
