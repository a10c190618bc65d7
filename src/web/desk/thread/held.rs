//! Answers that are held back, as the thread's page shows them, and what their agents decide. Only
//! the agent who wrote one decides on it; supervisors see it.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    Named, actions,
    show::{Piece, pieces},
};
use crate::{
    domain::{account::Role, decision::NoCall},
    engine::{CallChoice, Unheld},
    store::rows::held::{HeldId, HeldRow, HeldState},
    web::{
        Parts,
        account::session::{SignedForm, SignedIn},
        desk::{names::Names, said::Said},
        pages::{
            PageError,
            times::{Shown, Times},
        },
    },
};

/// One answer that is held, or back with its agent. `desk/thread/held.html` shows it.
#[derive(Debug)]
pub(super) struct HeldCard {
    /// Its number.
    pub(super) id: i64,
    /// Whose, as colleagues know them; `None`: the viewer's own.
    pub(super) other: Option<String>,
    /// What the customer would read.
    pub(super) text: Vec<Piece>,
    /// It asks for identity data.
    pub(super) asks: bool,
    /// Something in it is hidden.
    pub(super) hides: bool,
    /// It went back to its agent, unsent.
    pub(super) is_back: bool,
    /// Until when its agent can decide.
    pub(super) until: Shown,
}

impl HeldCard {
    fn new(row: &HeldRow, by: &SignedIn, names: &Names, times: &Times) -> Self {
        let text = pieces(row.text.reveal());
        Self {
            id: row.id.0,
            other: (row.by != by.name).then(|| names.of(&row.by)),
            asks: row.asks,
            hides: text.iter().any(|piece| matches!(piece, Piece::Hidden(_))),
            text,
            is_back: row.state == HeldState::Returned,
            until: times.at(row.until),
        }
    }
}

/// Those that the viewer may see: their own, and for supervisors everybody's that still wait.
pub(super) fn seen<'a>(
    rows: &'a [HeldRow],
    by: &'a SignedIn,
) -> impl Iterator<Item = &'a HeldRow> + Clone {
    let is_supervisor = by.role > Role::Agent;
    rows.iter()
        .filter(move |row| row.by == by.name || (is_supervisor && row.state == HeldState::Held))
}

/// Their cards.
pub(super) fn cards(
    rows: &[HeldRow],
    by: &SignedIn,
    names: &Names,
    times: &Times,
) -> Vec<HeldCard> {
    seen(rows, by)
        .map(|row| HeldCard::new(row, by, names, times))
        .collect()
}

/// The viewer's own answer that stands in their box: the one they want to change, else the first
/// that came back to them.
pub(super) fn in_the_box<'a>(
    rows: &'a [HeldRow],
    by: &SignedIn,
    change: Option<i64>,
) -> Option<&'a HeldRow> {
    let own = || rows.iter().filter(|row| row.by == by.name);
    let wanted = change.and_then(|id| own().find(|row| row.id == HeldId(id)));
    wanted.or_else(|| own().find(|row| row.state == HeldState::Returned))
}

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Then {
    /// It is sent as it is.
    Send,
    /// It is thrown away.
    Discard,
}

/// An agent's decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideForm {
    held: i64,
    then: Then,
}

/// `POST …/held`
pub(super) async fn decide(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<DecideForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let (held, name) = (HeldId(form.held), by.name.clone());
    let (came, done, place) = match form.then {
        Then::Send => {
            let sent = parts.engine.send_held(key.clone(), held, name);
            (sent.await?, Said::Sent, "newest")
        }
        Then::Discard => {
            let discarded = parts.engine.discard_held(key.clone(), held, name);
            (discarded.await?, Said::Discarded, "reply")
        }
    };
    let said = match came {
        Unheld::Done => done,
        Unheld::Rejected(_) => Said::NotTaken,
        Unheld::Returned => Said::HeldTooLate,
        Unheld::Ended(HeldState::Sent) => Said::SentBefore,
        Unheld::Ended(HeldState::Discarded) if done == Said::Discarded => done,
        Unheld::Ended(_) => Said::HeldEnded,
        Unheld::Unknown => return Err(PageError::not_found()),
    };
    Ok(actions::back(&key, said, place))
}

/// Ring instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RingForm {
    /// Of this answer, which is held.
    held: Option<i64>,
    /// After this notice, which is then seen to.
    notice: Option<i64>,
}

/// `POST …/ring`
pub(super) async fn ring(
    State(parts): State<Parts>,
    named: Named,
    SignedForm { by, form }: SignedForm<RingForm>,
) -> Result<Response, PageError> {
    let key = named.for_eyes_of(&by, &parts).await?;
    let held = form.held.map(HeldId);
    let chosen = parts.engine.choose_call(key.clone(), by.name.clone(), held);
    let choice = chosen.await?;
    if choice.will_ring() {
        actions::see_to(&parts, &by, &key, form.notice).await?;
    }
    let said = match choice {
        CallChoice::Opened => Said::WillRing,
        CallChoice::Not(NoCall::AlreadyOpen) => Said::Rings,
        CallChoice::Not(NoCall::HoldsToText) => Said::HoldsToText,
        CallChoice::Not(NoCall::DoNotCall) => Said::DoNotCall,
        CallChoice::Not(NoCall::Muted) => Said::IsMuted,
        CallChoice::Not(NoCall::NoCase) => Said::NoCase,
        CallChoice::Unknown => return Err(PageError::not_found()),
    };
    Ok(actions::back(&key, said, "main"))
}
