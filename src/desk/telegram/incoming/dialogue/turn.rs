//! What follows an answer: the next question, or what was asked for is done.

use super::{
    Step,
    act::{self, Doing},
    ask::WHYS,
    rung::{Next, Rung, Said},
};
use crate::{
    desk::telegram::{
        button::Press,
        incoming::{Agent, Came, Incoming, say::Told, when::Unclear},
        wording,
    },
    domain::{callback::IncidentId, private::Private, time::Timestamp},
    engine::EngineError,
    store::CallbackId,
};

/// The longest text for an incident's customers, in characters.
const LONGEST_STATUS: usize = 1_000;

/// What follows.
pub(super) enum Turn {
    /// The next question.
    Ask(Step),
    /// It is asked again: why.
    Again(String),
    /// It is over: what came of it.
    Ended(Told),
}

impl Turn {
    fn unclear() -> Self {
        Self::Again(wording::PRESS_A_BUTTON.to_owned())
    }
}

/// Takes an answer to one of our own questions.
pub(super) async fn next(
    desk: &Incoming,
    came: &Came<'_>,
    by: &Agent,
    step: Step,
    said: Said<'_>,
) -> Result<Turn, EngineError> {
    let doing = Doing { desk, came, by };
    match step {
        Step::KeepTyping { callback } => {
            let Said::Pressed(Press::Choice(choice)) = said else {
                return Ok(Turn::unclear());
            };
            let Some((why, _)) = WHYS.get(usize::from(choice)) else {
                return Ok(Turn::unclear());
            };
            Ok(Turn::Ended(act::keep_typing(doing, callback, *why).await?))
        }
        Step::Later {
            callback,
            times,
            writes,
        } => later(doing, callback, (times, writes), said).await,
        Step::Rung(rung) => rung_next(doing, rung, said).await,
        Step::HandOver => Ok(match said {
            Said::Pressed(Press::Send) => Turn::Ended(act::hand_over(doing, None).await?),
            Said::Wrote(text) => match text.trim() {
                "" => Turn::Again(wording::WRITE_TEXT.to_owned()),
                word => {
                    let word = Private::new(word.to_owned());
                    Turn::Ended(act::hand_over(doing, Some(word)).await?)
                }
            },
            Said::Pressed(_) => Turn::unclear(),
        }),
        Step::Hold { incident, text } => hold(doing, incident, text, said).await,
        Step::Relay { .. } | Step::Pairing { .. } => Ok(Turn::unclear()),
    }
}

async fn later(
    doing: Doing<'_>,
    callback: CallbackId,
    (times, writes): (Vec<Timestamp>, bool),
    said: Said<'_>,
) -> Result<Turn, EngineError> {
    let Some(call) = doing.desk.call(callback).await? else {
        return Ok(Turn::Ended(Told::alert(wording::GONE)));
    };
    let clocks = call.times(doing.desk.clock.now());
    let at = match said {
        Said::Pressed(Press::Choice(choice)) => {
            let chosen = times.get(usize::from(choice)).copied();
            chosen.filter(|at| *at > clocks.now).ok_or(Unclear::Past)
        }
        Said::Pressed(Press::Change) if !writes => {
            return Ok(Turn::Ask(Step::Later {
                callback,
                times,
                writes: true,
            }));
        }
        Said::Pressed(_) => return Ok(Turn::unclear()),
        Said::Wrote(text) => clocks.read(text),
    };
    Ok(match at {
        Ok(at) => Turn::Ended(act::later(doing, &call, at).await?),
        Err(unclear) => Turn::Again(unclear.to_string()),
    })
}

async fn rung_next(doing: Doing<'_>, rung: Rung, said: Said<'_>) -> Result<Turn, EngineError> {
    let Some(call) = doing.desk.call(rung.callback).await? else {
        return Ok(Turn::Ended(Told::alert(wording::GONE)));
    };
    // What is kept is masked, and shown as it will be sent.
    let masked = match said {
        Said::Wrote(text) => {
            let text = Private::new(text.to_owned());
            Some(doing.desk.engine.masked(text).await?)
        }
        Said::Pressed(_) => None,
    };
    let said = masked
        .as_ref()
        .map_or(said, |text| Said::Wrote(text.reveal()));
    Ok(match rung.next(said, &call.times(doing.desk.clock.now())) {
        Next::Ask(rung) => Turn::Ask(Step::Rung(rung)),
        Next::Again(why) => Turn::Again(why),
        Next::Done(rung) => Turn::Ended(act::rung(doing, &call, rung).await?),
    })
}

async fn hold(
    doing: Doing<'_>,
    incident: IncidentId,
    text: Option<Private<String>>,
    said: Said<'_>,
) -> Result<Turn, EngineError> {
    let asking = |text| Turn::Ask(Step::Hold { incident, text });
    Ok(match (text, said) {
        (_, Said::Wrote(written)) => match written.trim() {
            "" => Turn::Again(wording::WRITE_TEXT.to_owned()),
            long if long.chars().count() > LONGEST_STATUS => {
                Turn::Again(wording::TOO_LONG.to_owned())
            }
            written => asking(Some(Private::new(written.to_owned()))),
        },
        (Some(_), Said::Pressed(Press::Change)) => asking(None),
        (Some(text), Said::Pressed(Press::Choice(choice @ (0 | 1)))) => {
            Turn::Ended(act::hold(doing, incident, text, choice == 1).await?)
        }
        _ => Turn::unclear(),
    })
}
