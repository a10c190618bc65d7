//! Buttons under what is told of a desk as a whole, and under notices.

use super::Pressed;
use crate::{
    desk::Plain,
    desk::telegram::{
        button::Press,
        draw::Html,
        incoming::{
            Came, Incoming,
            dialogue::{self, Step, incident_told},
            say::Told,
        },
        wording,
    },
    domain::account::Role,
    engine::{CarriedAgain, Checked, EngineError, Next},
    store::rows::chat::PostRow,
};

/// Takes the first callback of the queue.
pub(super) async fn take_next(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    post: &PostRow,
) -> Result<Told, EngineError> {
    let Some(of) = post
        .desk
        .clone()
        .filter(|_| pressed.press == Press::TakeNext)
    else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    if !desk.works(pressed.by, &of) {
        return Ok(Told::alert(wording::NOT_YOUR_DESK));
    }
    let engine = desk.once(came, "take_next");
    let next = engine.claim_next(of, pressed.by.account.clone()).await;
    Ok(match next {
        Ok(Next::Claimed(row)) => Told::note(format!("Callback {}: {}", row.id, wording::CLAIMED)),
        Err(error) if error.is_repeated() => Told::note(wording::CLAIMED),
        Err(error) => return Err(error),
        Ok(Next::AllQuiet) => Told::alert(wording::ALL_QUIET),
        Ok(Next::Nobody) => Told::alert(wording::NOBODY_WAITS),
    })
}

/// Holds an incident's callbacks back, or ends it.
pub(super) async fn incident(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    post: &PostRow,
) -> Result<Told, EngineError> {
    let Some(id) = post.incident else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    let Some((row, _)) = desk.engine.store().incident(id).await? else {
        return Ok(Told::alert(wording::GONE));
    };
    let by = pressed.by;
    if !desk.works(by, &row.desk) {
        return Ok(Told::alert(wording::NOT_YOUR_DESK));
    }
    if by.role < Role::Supervisor {
        return Ok(Told::alert(wording::FOR_SUPERVISORS));
    }
    if row.ended.is_some() {
        return Ok(Told::alert(wording::INCIDENT_OVER));
    }
    match pressed.press {
        Press::Hold => {
            let step = Step::Hold {
                incident: id,
                text: None,
            };
            let place = desk.in_private(by).unwrap_or(pressed.place());
            dialogue::open(desk, came, by, Some(pressed), place, None, step).await
        }
        _ => {
            // Done twice, it is as if it were done once.
            let ended = desk.engine.end_incident(id, by.account.clone()).await;
            incident_told(ended, wording::INCIDENT_ENDED)
        }
    }
}

/// Sees to what a desk was told of a thread, or sends a message again.
pub(super) async fn notice(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    post: &PostRow,
) -> Result<Told, EngineError> {
    let by = pressed.by;
    let Some(thread) = post.thread.clone() else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    let rules = desk.engine.rules();
    let of = post.desk.as_ref();
    let of = of.unwrap_or_else(|| &rules.rules.policy(&thread.channel).desk);
    if !desk.works(by, of) {
        return Ok(Told::alert(wording::NOT_YOUR_DESK));
    }
    if pressed.press == Press::SeenTo {
        let was = match post.notice {
            Some(notice) => desk.engine.see_to(notice, by.account.clone()).await?,
            None => false,
        };
        return Ok(Told::note(match was {
            true => wording::SEEN,
            false => wording::SEEN_BEFORE,
        }));
    }
    let Some(message) = post.message.clone() else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    let engine = desk.once(came, "send_again");
    let sent = engine.carry_again(thread, message, by.account.clone());
    Ok(match sent.await {
        Ok(CarriedAgain::Sent) => Told::note(wording::SENT_AGAIN),
        Err(error) if error.is_repeated() => Told::note(wording::SENT_AGAIN),
        Err(error) => return Err(error),
        Ok(CarriedAgain::NotNeeded) => Told::alert(wording::HAS_ARRIVED),
        Ok(CarriedAgain::Unknown) => Told::alert(wording::GONE),
    })
}

/// Keeps whether a message was thanks that the desk was asked about. The question becomes one line.
pub(super) async fn doubt(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    post: &PostRow,
) -> Result<Told, EngineError> {
    let (Some(thread), Some(message)) = (post.thread.clone(), post.message.clone()) else {
        return Ok(Told::alert(wording::UNKNOWN_BUTTON));
    };
    let by = pressed.by;
    let rules = desk.engine.rules();
    if !desk.works(by, &rules.rules.policy(&thread.channel).desk) {
        return Ok(Told::alert(wording::NOT_YOUR_DESK));
    }
    let solved = pressed.press == Press::Solved;
    let engine = desk.once(came, "check_solved");
    let checked = engine.check_solved(thread, message, solved, by.account.clone());
    let told = match checked.await {
        Ok(Checked::Solved) => Told::note(wording::CHECKED_SOLVED),
        Ok(Checked::LookedAgain) => Told::note(wording::LOOKED_AGAIN),
        Ok(Checked::Before) => Told::note(wording::CHECKED_BEFORE),
        Ok(Checked::Unknown) => Told::alert(wording::GONE),
        Err(error) if error.is_repeated() => Told::note(wording::DONE_BEFORE),
        Err(error) => return Err(error),
    };
    let line = match told.text() {
        text @ (wording::CHECKED_SOLVED | wording::LOOKED_AGAIN) => {
            let mut html = Html::message();
            html.ours(text).ours(" · ");
            html.theirs(&Plain::name(&desk.name(&by.account).await?));
            html.finish()
        }
        text => text.to_owned(),
    };
    let changed = desk.change(pressed.chat, pressed.id, line, None).await;
    if let Err(error) = changed {
        tracing::debug!(%error, "a question in Telegram could not be taken away");
    }
    Ok(told)
}
