//! What is done at the end of a dialogue, once, and what is told of it.

use super::rung::Rung;
use crate::{
    desk::{
        telegram::{
            incoming::{
                Agent, Came, Incoming,
                call::{Call, ended_or},
                say::Told,
            },
            wording,
        },
        wording as words,
    },
    domain::{
        account::Role,
        callback::{IncidentId, KeepTyping, Outcome},
        private::Private,
        reading::Language,
        time::Timestamp,
    },
    engine::{CallNotes, EngineError, Finish, IncidentAnswer, Logged},
    store::{
        CallbackId,
        rows::{
            Page,
            calls::LineState,
            desk::{QueueView, Sight},
            shift::StatusText,
        },
    },
};

/// Who does something, because of which update.
#[derive(Clone, Copy)]
pub(super) struct Doing<'a> {
    pub(super) desk: &'a Incoming,
    pub(super) came: &'a Came<'a>,
    pub(super) by: &'a Agent,
}

/// Goes on in text.
pub(super) async fn keep_typing(
    doing: Doing<'_>,
    callback: CallbackId,
    why: KeepTyping,
) -> Result<Told, EngineError> {
    let Doing { desk, came, by } = doing;
    let engine = desk.once(came, "keep_typing");
    let finish = engine.keep_typing(callback, by.account.clone(), why).await;
    let said = format!("{}: {}.", wording::KEPT_TYPING, words::kept_typing(why));
    ended_or(desk, callback, finish, said).await
}

/// Promises a time, or the first after it at which the customer may be rung.
pub(super) async fn later(
    doing: Doing<'_>,
    call: &Call,
    at: Timestamp,
) -> Result<Told, EngineError> {
    let Doing { desk, came, by } = doing;
    let (id, moved) = (call.id(), call.window(at));
    let engine = desk.once(came, "later");
    let finish = engine.schedule(id, by.account.clone(), moved).await;
    let said = said_when(desk, call, at, moved, wording::PROMISED);
    ended_or(desk, id, finish, said).await
}

/// What came of a call.
pub(super) async fn rung(doing: Doing<'_>, call: &Call, rung: Rung) -> Result<Told, EngineError> {
    let Doing { desk, came, by } = doing;
    let Some(result) = rung.result() else {
        return Ok(Told::alert(wording::PRESS_A_BUTTON));
    };
    let outcome = result.outcome();
    let at = rung.at();
    let notes = CallNotes {
        note: rung.note,
        told: rung.told,
    };
    let engine = desk.once(came, "done");
    let logged = engine.done(call.id(), by.account.clone(), result, notes);
    let (finish, line, next) = match logged.await {
        Ok(Logged { finish, line, next }) => (Ok(finish), line, next),
        Err(error) => (Err(error), None, None),
    };
    let mut said = format!("{}: {}.", wording::KEPT_CALL, words::outcome(outcome));
    if let Some(at) = at {
        let again = match next {
            Some(_) => said_when(desk, call, at, call.window(at), wording::RINGS_AGAIN),
            // No other call is promised to whoever must not be rung.
            None => wording::NO_FOLLOW_UP.to_owned(),
        };
        said = format!("{said} {again}");
    }
    if outcome == Outcome::NoAnswer && is_over(&finish) {
        said = format!("{said} {}", wording::TRIED_OFTEN_ENOUGH);
    }
    if let Some(line) = line {
        said = format!("{said} {}", of_line(line));
    }
    ended_or(desk, call.id(), finish, said).await
}

fn is_over(finish: &Result<Finish, EngineError>) -> bool {
    matches!(finish, Ok(Finish::Done(row)) if !row.state.is_open())
}

const fn of_line(line: LineState) -> &'static str {
    match line {
        LineState::Sent => wording::LINE_SENT,
        LineState::Held => wording::LINE_HELD,
        LineState::NotSent => wording::LINE_NOT_SENT,
    }
}

fn said_when(desk: &Incoming, call: &Call, at: Timestamp, moved: Timestamp, words: &str) -> String {
    let times = call.times(desk.clock.now());
    let said = times.said(moved);
    if moved == at {
        format!("{words} {said}.")
    } else {
        format!("{words} {said}: {}", wording::MOVED)
    }
}

/// Goes home.
pub(super) async fn hand_over(
    doing: Doing<'_>,
    word: Option<Private<String>>,
) -> Result<Told, EngineError> {
    let Doing { desk, came, by } = doing;
    let view = QueueView::Mine(by.account.clone());
    let store = desk.engine.store();
    let mine = store.queue(view, Sight::default(), Page::MOST).await?;
    let words = mine
        .rows
        .iter()
        .map(|row| (row.callback.id, word.clone()))
        .collect();
    let engine = desk.once(came, "hand_over");
    let handed = engine.hand_over(by.account.clone(), by.account.clone(), words);
    let passed = match handed.await {
        Ok(handed) => handed.passed,
        Err(error) if error.is_repeated() => mine.rows.len(),
        Err(error) => return Err(error),
    };
    Ok(Told::note(match passed {
        0 => wording::OFF_SHIFT.to_owned(),
        1 => wording::HANDED_ONE_OVER.to_owned(),
        many => format!("{many} {}", wording::HANDED_OVER),
    }))
}

/// Holds an incident's callbacks back.
pub(super) async fn hold(
    doing: Doing<'_>,
    incident: IncidentId,
    text: Private<String>,
    older: bool,
) -> Result<Told, EngineError> {
    let Doing { desk, by, .. } = doing;
    let found = desk.engine.store().incident(incident).await?;
    let Some((row, _)) = found.filter(|(row, _)| desk.works(by, &row.desk)) else {
        return Ok(Told::alert(wording::GONE));
    };
    if by.role < Role::Supervisor {
        return Ok(Told::alert(wording::FOR_SUPERVISORS));
    }
    let rules = desk.engine.rules();
    let of_desk = rules.rules.desks.get(&row.desk);
    let language = of_desk.map_or(Language::ENGLISH, |desk| desk.language);
    let texts = vec![StatusText { language, text }];
    // Done twice, it is as if it were done once.
    let engine = &desk.engine;
    let held = engine.hold_incident(incident, by.account.clone(), texts, older);
    incident_told(held.await, wording::HELD)
}

/// What is told of an incident.
pub(in crate::desk::telegram::incoming) fn incident_told(
    answer: Result<IncidentAnswer, EngineError>,
    said: &str,
) -> Result<Told, EngineError> {
    match answer {
        Ok(IncidentAnswer::Done) => Ok(Told::note(said)),
        Ok(IncidentAnswer::Over) => Ok(Told::alert(wording::INCIDENT_OVER)),
        Ok(IncidentAnswer::Unknown) => Ok(Told::alert(wording::GONE)),
        Err(error) => Err(error),
    }
}
