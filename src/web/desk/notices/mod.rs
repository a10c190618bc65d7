//! What a desk was told and nobody has seen to: customers who wait, posts to hide, and their like.

use axum::{
    Router,
    extract::{Path, State},
    response::Redirect,
    routing::post,
};
use serde::Deserialize;

use super::{
    Parts, SignedIn, callbacks::Back, eyes, forms::Offers, said::Said, sight_now, thread_url, works,
};
use crate::{
    domain::decision::{Notice, Utterance},
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
}

impl NoticeCard {
    /// Of a stored one.
    pub(in crate::web) fn new(
        row: &NoticeRow,
        rules: &Rules,
        by: &SignedIn,
        times: &Times,
        back: Back,
    ) -> Self {
        let is_own = row.account.as_ref() == Some(&by.name);
        let (title, advice, tone) = words(&row.notice, is_own);
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
            tone,
            at: times.ago(row.at),
            back: back.as_str(),
            is_own_silence: matches!(&row.notice, Notice::ClaimSilent { by: holder } if *holder == by.name),
            is_to_say: matches!(row.notice, Notice::SayYourself { .. }),
            write: format!("{url}?draft={}#reply", row.id),
            url,
        }
    }

    /// It stands on the page of its own thread, which it need not lead to.
    pub(in crate::web) fn is_on_its_thread(&self) -> bool {
        self.back == Back::Thread.as_str()
    }
}

/// Title, advice and tone. `is_own`: it is about what the viewer did.
fn words(notice: &Notice, is_own: bool) -> (String, &'static str, &'static str) {
    let (title, advice, tone) = match notice {
        Notice::AnswerDue => (
            "Waits for our answer",
            "Nobody has answered yet. Please do.",
            "card-warm",
        ),
        Notice::AnswerOverdue => (
            "Still waits for our answer",
            "The desk was reminded and nobody answered: a supervisor should see to it.",
            "card-urgent",
        ),
        Notice::CheckBack => (
            "Check back",
            "They settled to wait. See whether it is done, and tell them.",
            "card-asked",
        ),
        Notice::HidePost => (
            "Hide the post",
            "Confidential data stands in public. Hide or delete it on the network.",
            "card-urgent",
        ),
        Notice::AskedForIdentity { .. } => (
            if is_own {
                "You asked for identity data"
            } else {
                "An agent asked for identity data"
            },
            "A chat is no place for it. Send the secure form, or ring instead.",
            "card-urgent",
        ),
        Notice::SayYourself { utterance } => (
            "Please tell the customer yourself",
            say_yourself(*utterance),
            "card-warm",
        ),
        Notice::FormSubmitted { .. } => (
            "A form has been filled in",
            "Look at what the customer sent.",
            "card-asked",
        ),
        Notice::CheckExpired { .. } => (
            "An identity check is overdue",
            "Nobody checked in time what the customer sent, so it is deleted. Say so, and ask again.",
            "card-urgent",
        ),
        Notice::ReplyReturned => (
            "Your answer was not sent",
            "It was held, and you did not decide in time. It is back in your box.",
            "card-urgent",
        ),
        Notice::DoNotCall => (
            "Must not be rung",
            "A call was asked for or due, but they are on the do-not-call list. Answer in text.",
            "card-warm",
        ),
        Notice::SupervisorInText => (
            "A supervisor should join in text",
            "They hold to text, and it is urgent or goes on for long.",
            "card-warm",
        ),
        Notice::CallUnclaimed => (
            "Nobody has claimed this call",
            "It has been due for a while. Please claim it.",
            "card-warm",
        ),
        Notice::CallOverdue => (
            "Still nobody has claimed this call",
            "The desk was reminded and nobody took it: a supervisor should see to it.",
            "card-urgent",
        ),
        Notice::UrgentOnCall => (
            "Urgent, and the desk is closed",
            "You are on call: please ring them.",
            "card-urgent",
        ),
        Notice::ClaimSilent { .. } => (
            "Are you still on this call?",
            "Nothing has happened for a while. Say that you are, or it goes back to the queue.",
            "card-warm",
        ),
        Notice::ClaimReleased { .. } => (
            "A silent claim went back to the queue",
            "Its agent did not say that they were still on it.",
            "card-warm",
        ),
        Notice::CallExhausted => (
            "Could not be reached by phone",
            "Nobody answered, as often as we try. They were told; a supervisor should decide.",
            "card-urgent",
        ),
        Notice::Dissatisfied => (
            "The call did not help",
            "They said so when asked. See what is still open.",
            "card-urgent",
        ),
        Notice::NotDelivered { certain: true, .. } => (
            "A message did not arrive",
            "The thread says which one, and why. Send it again, or ring instead.",
            "card-urgent",
        ),
        Notice::NotDelivered { certain: false, .. } => (
            "A message may not have arrived",
            "It was cut off on its way. Look whether they have it, or send it again.",
            "card-warm",
        ),
        Notice::Blocked => (
            "Has blocked the bot",
            "Nothing that you write reaches them there. Ring them, or find another way.",
            "card-warm",
        ),
        Notice::Flagged { rule } => {
            let title = format!("Flagged by the rule {rule}");
            return (
                title,
                "One of your own rules wants you to look.",
                "card-asked",
            );
        }
    };
    (title.to_owned(), advice, tone)
}

/// What to tell a customer in Ringback's place: in private, and nothing of the data itself.
const fn say_yourself(utterance: Utterance) -> &'static str {
    match utterance {
        Utterance::DataHidden => {
            "Part of what they wrote was confidential and is hidden. Ask them kindly to send no more \
             of it here."
        }
        Utterance::IdentityNeeded => {
            "What they ask for needs an identity check. Offer them a call or the secure form, in \
             private."
        }
        Utterance::DetailsAsked => "Ask them which number to ring and when, in private.",
        Utterance::FormSubmitted => "Their form has arrived: thank them.",
        Utterance::IdentityVerified => "Their identity check went well: tell them, and go on.",
        Utterance::CallComing => {
            "Tell them that you are about to ring, on which number, and the two words that you will \
             say first."
        }
        Utterance::CallWaits => "Tell them when they will be rung.",
        Utterance::CallScheduled => "Tell them for when the call is promised.",
        Utterance::CallLate => {
            "Tell them that the call takes longer, and that it is not forgotten."
        }
        Utterance::NoAnswer => "Tell them that you rang, and ask for a better time.",
        Utterance::WrongNumber => "The number was not theirs: ask for another, in private.",
        Utterance::CallExhausted => "Tell them that you could not reach them, and how to go on.",
        Utterance::IncidentStatus => "Tell them how the disturbance stands.",
        Utterance::VideoOffered => "Offer them a video call.",
        Utterance::SatisfactionAsked => "Ask them whether the call helped.",
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
