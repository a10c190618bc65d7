//! What a desk was told and nobody has seen to: customers who wait, posts to hide, and their like.

use axum::{
    Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;

use super::{
    Parts, SignedIn, callbacks::Back, eyes, forms::Offers, said::Said, sight_now, thread::anchor,
    thread_url, works,
};
use crate::{
    desk::notices::{self, Told, Weight},
    domain::decision::Notice,
    rules::Rules,
    store::rows::desk::NoticeRow,
    web::{
        account::session::SignedForm,
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// How many one page shows.
const SHOWN: u32 = 30;

/// The pages.
pub(super) fn routes() -> Router<Parts> {
    Router::new().route("/desk/notices/{id}/seen", post(seen))
}

/// One notice as its card tells it. `desk/notices/notice.html` shows it; it wants `notice` and
/// `frame`.
#[derive(Debug)]
pub(in crate::web) struct NoticeCard {
    /// Its number.
    pub(in crate::web) id: i64,
    /// The customer's name or handle.
    pub(in crate::web) name: String,
    /// The channel's name.
    pub(in crate::web) channel: String,
    /// The thread.
    pub(in crate::web) url: String,
    /// What, in a few words.
    pub(in crate::web) title: String,
    /// What to do.
    pub(in crate::web) advice: &'static str,
    /// Its tone in the style sheet.
    pub(in crate::web) tone: &'static str,
    /// When.
    pub(in crate::web) at: Shown,
    /// Where one comes back to.
    pub(in crate::web) back: &'static str,
    /// What is better than what it tells of, where something is.
    pub(in crate::web) instead: Option<Offers>,
    /// It asks the viewer whether they are still on a call.
    pub(in crate::web) is_own_silence: bool,
    /// It asks for something to be told to the customer.
    pub(in crate::web) is_to_say: bool,
    /// The thread, with that in the answer box: words to look at, never sent by themselves.
    pub(in crate::web) write: String,
    /// The place on its thread's page that it is about.
    pub(in crate::web) place: Option<String>,
}

/// Which message a notice is about that its thread shows how to mend.
fn place(notice: &Notice) -> Option<String> {
    match notice {
        Notice::NotDelivered { message, .. } => Some(anchor(message.as_str())),
        _ => None,
    }
}

impl NoticeCard {
    /// Where it is mended.
    pub(in crate::web) fn leads_to(&self) -> &str {
        self.place.as_deref().unwrap_or(&self.url)
    }

    /// Of a stored one.
    pub(in crate::web) fn new(
        row: &NoticeRow,
        rules: &Rules,
        by: &SignedIn,
        times: &Times,
        back: Back,
    ) -> Self {
        let is_own = row.account.as_ref() == Some(&by.name);
        let Told {
            title,
            advice,
            weight,
        } = notices::told(&row.notice, is_own);
        let url = thread_url(&row.channel, &row.thread);
        let asks = matches!(row.notice, Notice::AskedForIdentity { .. });
        let name = row.author.as_ref().map(|author| author.reveal().to_owned());
        Self {
            id: row.id,
            name: name.unwrap_or_else(|| "A customer".to_owned()),
            channel: row.channel.to_string(),
            instead: asks.then(|| Offers::new(rules, &url, back.as_str())),
            title,
            advice,
            tone: tone(weight),
            at: times.ago(row.at),
            back: back.as_str(),
            is_own_silence: matches!(&row.notice, Notice::ClaimSilent { by: holder } if *holder == by.name),
            is_to_say: matches!(row.notice, Notice::SayYourself { .. }),
            write: format!("{url}?draft={}#reply", row.id),
            place: place(&row.notice).map(|place| format!("{url}#{place}")),
            url,
        }
    }

    /// It stands on the page of its own thread, which it need not lead to.
    pub(in crate::web) fn is_on_its_thread(&self) -> bool {
        self.back == Back::Thread.as_str()
    }
}

const fn tone(weight: Weight) -> &'static str {
    match weight {
        Weight::Note => "card-asked",
        Weight::Warm => "card-warm",
        Weight::Urgent => "card-urgent",
    }
}

/// What an account should see to.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn shown(
    parts: &Parts,
    by: &SignedIn,
    times: &Times,
    back: Back,
) -> Result<Vec<NoticeCard>, PageError> {
    let rows = parts.engine.store().notices(sight_now(parts, by), SHOWN);
    let rows = rows.await?;
    let rules = &parts.engine.rules().rules;
    let card = |row| NoticeCard::new(row, rules, by, times, back);
    Ok(rows.iter().map(card).collect())
}

/// Where the form was sent from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    back: Back,
}

async fn seen(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Seen>,
) -> Result<Redirect, PageError> {
    let id: i64 = id.parse().map_err(|_| PageError::not_found())?;
    let rules = &parts.engine.rules().rules;
    let row = parts.engine.store().notice(id).await?;
    // Whether it is another desk's or was seen to before is not told.
    let eyes = eyes(&by, parts.clock.now());
    let Some(row) = row.filter(|row| works(rules, &by, &row.desk) && eyes.see(row)) else {
        return Ok(Redirect::to(&queue(form.back, Said::SeenBefore)));
    };
    let said = match parts.engine.see_to(id, by.name).await? {
        true => Said::Seen,
        false => Said::SeenBefore,
    };
    Ok(Redirect::to(&match form.back {
        Back::Thread => format!("{}?said={said}", thread_url(&row.channel, &row.thread)),
        back => queue(back, said),
    }))
}

fn queue(back: Back, said: Said) -> String {
    let view = match back {
        Back::Thread => Back::Due,
        back => back,
    };
    format!("/desk/callbacks?view={}&said={said}", view.as_str())
}

/// A made-up one.
#[cfg(test)]
pub(in crate::web) fn notice_row(id: i64, name: &str, notice: Notice) -> NoticeRow {
    use crate::domain::ids::{Author, ChannelName, ThreadId};
    NoticeRow {
        id,
        channel: ChannelName::parse("x").expect("a name"),
        thread: ThreadId::parse("t1").expect("an id"),
        author: Author::parse(name).ok(),
        case: 1,
        desk: crate::rules::Desk::default_name(),
        notice,
        at: super::tests::time("2026-01-05T13:40:00Z"),
        account: None,
        alone_until: None,
    }
}
