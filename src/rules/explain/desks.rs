//! What holds on a desk, as sentences.

use jiff::civil::Time;

use crate::{
    domain::{
        hours::{Holiday, Hours, Opening, QuietHours},
        ids::{AccountName, DeskName},
    },
    rules::{CardDetail, Desk, file::hours::day_name},
};

/// What holds on a desk, one sentence a matter.
pub(super) fn desk(name: &DeskName, desk: &Desk) -> Vec<String> {
    let Desk {
        brand,
        language,
        hours,
        members,
        quiet_hours,
        on_call,
        on_shift_for,
        cards_open,
        card_detail,
        note_prefix,
        disable_link_preview,
        incident: (calls, within),
    } = desk;
    let members: Vec<&str> = members.iter().map(AccountName::as_str).collect();
    let who = match members.as_slice() {
        [] => "everybody works it".to_owned(),
        [one] => format!("{one} works it"),
        [most @ .., last] => format!("{} and {last} work it", most.join(", ")),
    };
    let opens = opening_hours(hours);
    let mut sentences = vec![format!(
        "{name} is {opens}; {who}; customers know it as {brand}, in {language} where theirs is not \
         known."
    )];
    sentences.extend(holidays(name, &hours.holidays));
    sentences.push(if *quiet_hours == QuietHours::never() {
        format!("{name} rings customers at any hour of theirs.")
    } else {
        let (from, to) = (clock(quiet_hours.from), clock(quiet_hours.to));
        format!("{name} rings nobody from {from} to {to} where they are.")
    });
    sentences.extend(
        on_call
            .as_ref()
            .map(|account| format!("{account} is told of what is urgent while {name} is closed.")),
    );
    sentences.push(format!(
        "On {name}, an account is on shift for {on_shift_for} after it last did something."
    ));
    let seen_by = match card_detail {
        CardDetail::Claimer => "whoever claims it sees",
        CardDetail::Group => "everybody in the group sees",
    };
    let previews = match disable_link_preview {
        true => "without a preview",
        false => "with a preview",
    };
    sentences.push(format!(
        "In a chat group, one queue card stands for more than {cards_open} due callbacks of {name}; \
         {seen_by} number and history."
    ));
    sentences.push(format!(
        "What agents write in a chat group of {name} after {note_prefix} is a note among them; links are \
         shown {previews}."
    ));
    sentences.push(format!(
        "On {name}, {calls} callbacks of one topic that the count opened within {within} are an \
         incident."
    ));
    sentences
}

fn holidays(name: &DeskName, holidays: &[Holiday]) -> Option<String> {
    let days: Vec<String> = holidays
        .iter()
        .map(|holiday| match holiday {
            Holiday::On(date) => date.to_string(),
            Holiday::Yearly { month, day } => format!("{month:02}-{day:02} of every year"),
        })
        .collect();
    (!days.is_empty()).then(|| format!("{name} is closed on {}.", days.join(", ")))
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// When a desk works: `always open`, `open mon 09:00-18:00 in Europe/Berlin`.
#[must_use]
pub fn opening_hours(hours: &Hours) -> String {
    if hours.openings.is_empty() {
        return "always open".to_owned();
    }
    let openings: Vec<String> = hours.openings.iter().map(opening).collect();
    let zone = hours.zone.iana_name().unwrap_or("its zone");
    format!("open {} in {zone}", openings.join(", "))
}

fn opening(opening: &Opening) -> String {
    let (day, from) = (day_name(opening.day), clock(opening.from));
    match opening.to {
        Some(to) => format!("{day} {from}-{}", clock(to)),
        None => format!("{day} {from}-24:00"),
    }
}
