//! Buttons under a callback's card.

use super::Pressed;
use crate::{
    desk::{
        card::holder,
        telegram::{
            button::Press,
            incoming::{
                Came, Incoming,
                call::ended_or,
                dialogue::{self, Rung, Step},
                say::Told,
                show,
            },
            wording,
        },
    },
    domain::{account::Role, callback::CallResult, form::Purpose},
    engine::{Asked, CallNotes, Claim, EngineError},
    rules::CardDetail,
    store::{
        CallbackId,
        rows::{CallbackRow, CallbackState},
    },
};

/// Does what a button under a card says.
pub(super) async fn pressed(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    id: CallbackId,
) -> Result<Told, EngineError> {
    let Some(row) = desk.engine.store().callback(id).await? else {
        return Ok(Told::alert(wording::GONE));
    };
    if !desk.works(pressed.by, &row.desk) {
        return Ok(Told::alert(wording::NOT_YOUR_DESK));
    }
    match pressed.press {
        Press::Claim => claim(desk, came, pressed, &row).await,
        Press::KeepTyping | Press::Later | Press::Done => ask(desk, came, pressed, &row).await,
        Press::NoAnswer => no_answer(desk, came, pressed, &row).await,
        Press::Form => form(desk, came, pressed, &row).await,
        Press::Show => show::thread(desk, pressed, &row).await,
        Press::Release => {
            let by = pressed.by.account.clone();
            let force = pressed.by.role >= Role::Supervisor;
            let released = desk.once(came, "release").release(id, by, force).await;
            ended_or(desk, id, released, wording::RELEASED).await
        }
        Press::Renew => {
            let by = pressed.by.account.clone();
            let renewed = desk.once(came, "renew").renew(id, by).await;
            ended_or(desk, id, renewed, wording::RENEWED).await
        }
        _ => Ok(Told::alert(wording::UNKNOWN_BUTTON)),
    }
}

async fn claim(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let by = pressed.by.account.clone();
    let claim = desk.once(came, "claim").claim(row.id, by).await;
    match claim {
        Ok(Claim::Won(_)) => Ok(won(desk, came, pressed, row)),
        Err(error) if error.is_repeated() => as_claimed(desk, pressed, row).await,
        Err(error) => Err(error),
        Ok(Claim::HeldBy(other)) => {
            let name = desk.name(&other).await?;
            Ok(Told::alert(format!("{name} {}", wording::HAS_IT)))
        }
        Ok(Claim::Ended) => over(desk, row).await,
        Ok(Claim::Unknown) => Ok(Told::alert(wording::GONE)),
    }
}

/// What a claim has come to that was cut off before it was answered: somebody else may have won.
async fn as_claimed(
    desk: &Incoming,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let row = desk.engine.store().callback(row.id).await?;
    Ok(match row {
        Some(row) if holder(&row) == Some(&pressed.by.account) => Told::note(wording::CLAIMED),
        Some(row) => Told::alert(desk.what_happened(&row).await?),
        None => Told::alert(wording::GONE),
    })
}

/// Whoever has claimed one is shown the rest in private; where that cannot be, a chat with the bot opens.
fn won(desk: &Incoming, came: &Came<'_>, pressed: &Pressed<'_>, row: &CallbackRow) -> Told {
    let rules = desk.engine.rules();
    let of_desk = rules.rules.desks.get(&row.desk);
    let is_private = of_desk.is_none_or(|desk| desk.card_detail == CardDetail::Claimer);
    match &came.me.user.username {
        Some(username) if is_private && desk.in_private(pressed.by).is_none() => {
            Told::opening(username)
        }
        _ => Told::note(wording::CLAIMED),
    }
}

async fn over(desk: &Incoming, row: &CallbackRow) -> Result<Told, EngineError> {
    let row = desk.engine.store().callback(row.id).await?;
    Ok(Told::alert(match row {
        Some(row) => desk.what_happened(&row).await?,
        None => wording::GONE.to_owned(),
    }))
}

/// Asks what the button needs to know, if the callback is the agent's to change.
async fn ask(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let by = pressed.by;
    let has_it = holder(row);
    if !row.state.is_open() || has_it.is_some_and(|has_it| *has_it != by.account) {
        return over(desk, row).await;
    }
    let callback = row.id;
    let here = pressed.place();
    let (step, place) = match pressed.press {
        Press::KeepTyping => (Step::KeepTyping { callback }, here),
        Press::Later => {
            let Some(call) = desk.call(callback).await? else {
                return Ok(Told::alert(wording::GONE));
            };
            let later = Step::Later {
                callback,
                times: call.times(desk.clock.now()).choices,
                writes: false,
            };
            (later, here)
        }
        _ if row.state != CallbackState::Claimed => {
            return Ok(Told::alert(wording::CLAIM_FIRST));
        }
        // What is written then is not for the whole group.
        _ => (
            Step::Rung(Rung::new(callback)),
            desk.in_private(by).unwrap_or(here),
        ),
    };
    dialogue::open(desk, came, by, Some(pressed), place, Some(row.key()), step).await
}

async fn no_answer(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let by = pressed.by.account.clone();
    let engine = desk.once(came, "no_answer");
    let logged = engine
        .done(row.id, by, CallResult::NoAnswer, CallNotes::default())
        .await;
    let finish = logged.map(|logged| logged.finish);
    ended_or(desk, row.id, finish, wording::NOBODY_ANSWERED).await
}

async fn form(
    desk: &Incoming,
    came: &Came<'_>,
    pressed: &Pressed<'_>,
    row: &CallbackRow,
) -> Result<Told, EngineError> {
    let by = &pressed.by.account;
    if holder(row).is_some_and(|has_it| has_it != by) || !row.state.is_open() {
        return over(desk, row).await;
    }
    let engine = desk.once(came, "form");
    let asked = engine.ask_form(row.key(), Purpose::Details, by.clone());
    Ok(match asked.await {
        Ok(Asked::Told(_)) => Told::note(wording::FORM_SENT),
        Err(error) if error.is_repeated() => Told::note(wording::FORM_SENT),
        Err(error) => return Err(error),
        Ok(Asked::LinkWanted(_)) => Told::alert(wording::LINK_WANTED),
        Ok(Asked::Public) => Told::alert(wording::IS_PUBLIC),
        Ok(Asked::NobodyOpens | Asked::Unknown) => Told::alert(wording::GONE),
    })
}
