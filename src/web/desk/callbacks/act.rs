//! What an agent does with a callback. Each is a form's POST, answered by the way back to where it
//! was sent from, with a fixed word about what came of it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{CallSheet, View};
use crate::{
    domain::{
        account::Role,
        callback::{CallResult, FARTHEST_PROMISE, KeepTyping, Outcome},
        cut,
        ids::MessageId,
        message::MAX_TYPED,
        private::Private,
        time::{Timestamp, after},
    },
    engine::{CallNotes, Claim, Dialled, Finish, Video},
    store::{
        CallbackId,
        rows::{CallbackRow, calls::LineState},
    },
    web::{
        Parts,
        account::session::{SignedForm, SignedIn},
        desk::{said::Said, thread_url, works},
        pages::{
            PageError,
            times::{self, Times},
        },
    },
};

/// Where a form was sent from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum Back {
    /// The queue.
    Due,
    /// The viewer's own callbacks.
    Mine,
    /// The promised ones.
    Scheduled,
    /// The callback's thread.
    Thread,
}

impl Back {
    /// As a form carries it.
    pub(in crate::web) const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Mine => "mine",
            Self::Scheduled => "scheduled",
            Self::Thread => "thread",
        }
    }
}

impl From<View> for Back {
    fn from(view: View) -> Self {
        match view {
            View::Due => Self::Due,
            View::Mine => Self::Mine,
            View::Scheduled => Self::Scheduled,
        }
    }
}

/// A form with nothing in it but the way back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {
    back: Back,
}

/// Takes a callback.
pub(super) async fn claim(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Plain>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let claim = parts.engine.claim(row.id, by.name).await?;
    let said = match claim {
        Claim::Won(_) => Said::Claimed,
        Claim::HeldBy(_) => Said::Taken,
        Claim::Ended => Said::Ended,
        Claim::Unknown => return Err(PageError::not_found()),
    };
    // Whoever has just taken one wants to see it, not the rest of the queue.
    let back = match (said, form.back) {
        (Said::Claimed, Back::Due | Back::Scheduled) => Back::Mine,
        (_, back) => back,
    };
    Ok(go_back(back, &row, said))
}

/// Gives a claim up, or takes it from somebody.
pub(super) async fn release(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Plain>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let force = by.role >= Role::Supervisor;
    let finish = parts.engine.release(row.id, by.name, force).await?;
    finished(&finish, form.back, &row, Said::Released)
}

/// When to ring instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Later {
    back: Back,
    /// As a field for date and time holds it.
    at: String,
    /// The zone that the field was shown in.
    zone: String,
}

/// Promises to ring at a time.
pub(super) async fn later(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Later>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let now = parts.clock.now();
    let at = times::of_field(&form.at, &form.zone)
        .filter(|at| *at > now && *at <= after(now, FARTHEST_PROMISE));
    let Some(at) = at else {
        return Ok(go_back(form.back, &row, Said::BadTime));
    };
    let finish = parts.engine.schedule(row.id, by.name, at).await?;
    finished(&finish, form.back, &row, Said::Later)
}

/// Why one goes on in text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typing {
    back: Back,
    why: KeepTyping,
}

/// Goes on in text instead of ringing.
pub(super) async fn keep_typing(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Typing>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let finish = parts.engine.keep_typing(row.id, by.name, form.why).await?;
    let said = match form.why {
        KeepTyping::NotACustomer => Said::Muted,
        KeepTyping::Answering | KeepTyping::Thanks | KeepTyping::BeingHandled => Said::KeptTyping,
    };
    finished(&finish, form.back, &row, said)
}

/// Says that one is still on it.
pub(super) async fn renew(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Plain>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let finish = parts.engine.renew(row.id, by.name).await?;
    finished(&finish, form.back, &row, Said::Renewed)
}

/// Has another program ring.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dial {
    back: Back,
    /// Which press of which button.
    press: String,
}

/// Has another program ring the customer.
pub(super) async fn dial(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Dial>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let press = MessageId::parse(&form.press).map_err(|_| PageError::not_understood())?;
    let said = match parts.engine.dial(row.id, by.name, press).await? {
        Dialled::Asked | Dialled::UnderWay => Said::Dialled,
        Dialled::NotClaimed => Said::NotClaimed,
        Dialled::HeldBy(_) => Said::Taken,
        Dialled::NoNumber | Dialled::NotSet => Said::NotDialled,
        Dialled::DoNotCall => Said::DoNotCall,
        Dialled::Ended => Said::Ended,
        Dialled::Unknown => return Err(PageError::not_found()),
    };
    Ok(go_back(form.back, &row, said))
}

/// Offers a video call instead.
pub(super) async fn video(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    SignedForm { by, form }: SignedForm<Plain>,
) -> Result<Redirect, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let said = match parts.engine.offer_video(row.id, by.name).await? {
        Video::Offered(_) => Said::VideoOffered,
        Video::NotSet => Said::NoVideo,
        Video::NotClaimed => Said::NotClaimed,
        Video::HeldBy(_) => Said::Taken,
        Video::Ended => Said::Ended,
    };
    Ok(go_back(form.back, &row, said))
}

/// How the call went.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Done {
    back: Back,
    outcome: Outcome,
    /// Of a follow-up: when, as a field for date and time holds it.
    #[serde(default)]
    at: String,
    /// The zone that the field was shown in.
    #[serde(default)]
    zone: String,
    #[serde(default)]
    note: Private<String>,
    /// The line for the customer.
    #[serde(default)]
    told: Private<String>,
}

impl Done {
    /// What came of the call, or what is wrong with what was typed.
    fn result(&self, now: Timestamp) -> Result<CallResult, &'static str> {
        let at = times::of_field(&self.at, &self.zone);
        let at = at.filter(|at| *at > now && *at <= after(now, FARTHEST_PROMISE));
        let at = at.filter(|_| self.outcome == Outcome::FollowUp);
        CallResult::of(self.outcome, at)
            .ok_or("Choose when to ring again: a time still to come, within the next 90 days.")
    }
}

/// Says how a call went.
pub(super) async fn done(
    State(parts): State<Parts>,
    Path(id): Path<String>,
    times: Times,
    SignedForm { by, form }: SignedForm<Done>,
) -> Result<Response, PageError> {
    let row = callback(&parts, &by, &id).await?;
    let result = match form.result(times.now()) {
        Ok(result) => result,
        Err(problem) => {
            let sheet = CallSheet {
                outcome: Some(form.outcome.as_str()),
                at: form.at,
                note: form.note.into_revealed(),
                told: form.told.into_revealed(),
                is_sent: parts.settings.carries(&row.channel),
                problem: Some(problem),
            };
            return super::typed_again(&parts, &by, &times, row.id, form.back, sheet).await;
        }
    };
    let notes = CallNotes {
        note: worth_keeping(&form.note),
        told: worth_keeping(&form.told),
    };
    let logged = parts.engine.done(row.id, by.name, result, notes).await?;
    let said = match (&logged.finish, logged.line) {
        (Finish::Done(_), Some(LineState::Held)) => {
            let back = go_back(Back::Thread, &row, Said::LineHeld);
            return Ok(back.into_response());
        }
        // No other call is promised to whoever must not be rung.
        (Finish::Done(_), _) if form.outcome == Outcome::FollowUp && logged.next.is_none() => {
            Said::DoNotCall
        }
        (Finish::Done(_), Some(LineState::NotSent)) => Said::LineNotSent,
        (Finish::Done(row), _) => came(row, form.outcome),
        _ => Said::Ended,
    };
    Ok(finished(&logged.finish, form.back, &row, said)?.into_response())
}

/// What to say of a call that is kept.
fn came(row: &CallbackRow, outcome: Outcome) -> Said {
    match outcome {
        Outcome::Solved => Said::Solved,
        Outcome::Declined => Said::BackToText,
        Outcome::FollowUp => Said::FollowsUp,
        Outcome::WrongNumber => Said::WrongNumber,
        Outcome::NoAnswer if row.state.is_open() => Said::NoAnswer,
        Outcome::NoAnswer => Said::Exhausted,
    }
}

/// What is worth keeping of a text. The field ends at the longest; this holds for others.
fn worth_keeping(text: &Private<String>) -> Option<Private<String>> {
    // Browsers send line breaks as CR LF.
    let text = text.reveal().replace("\r\n", "\n");
    let text = cut::head(text.trim(), MAX_TYPED, |_| 1).to_owned();
    (!text.is_empty()).then(|| text.into())
}

/// The callback, if the account works its desk.
async fn callback(parts: &Parts, by: &SignedIn, id: &str) -> Result<CallbackRow, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found())?;
    let row = parts.engine.store().callback(CallbackId(id)).await?;
    let rules = &parts.engine.rules().rules;
    row.filter(|row| works(rules, by, &row.desk))
        .ok_or_else(PageError::not_found)
}

fn finished(
    finish: &Finish,
    back: Back,
    row: &CallbackRow,
    said: Said,
) -> Result<Redirect, PageError> {
    let said = match finish {
        Finish::Done(_) => said,
        Finish::HeldBy(_) => Said::Taken,
        Finish::NotClaimed => Said::NotClaimed,
        Finish::Ended => Said::Ended,
        Finish::Unknown => return Err(PageError::not_found()),
    };
    Ok(go_back(back, row, said))
}

fn go_back(back: Back, row: &CallbackRow, said: Said) -> Redirect {
    let about = row.id;
    Redirect::to(&match back {
        Back::Thread => {
            let thread = thread_url(&row.channel, &row.thread);
            let place = match said {
                Said::LineHeld => "#held",
                _ => "",
            };
            format!("{thread}?said={said}&about={about}{place}")
        }
        Back::Due | Back::Mine | Back::Scheduled => {
            let view = back.as_str();
            format!("/desk/callbacks?view={view}&said={said}&about={about}")
        }
    })
}
