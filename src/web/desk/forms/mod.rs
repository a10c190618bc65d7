//! Forms on the desk: which ones a customer can be asked to fill in, how far those that they were
//! asked for have come, and what they told us for a call. What was sealed is never here.

use crate::{
    domain::{
        form::{CallDetails, FormState, Purpose},
        ids::FormName,
        number::PhoneNumber,
        reading::Language,
        time::Timestamp,
    },
    rules::Rules,
    store::rows::forms::FormRequestRow,
    web::{
        desk::{names::Names, words},
        pages::times::{Shown, Times},
    },
};

/// The language of the desk's pages.
pub(super) const DESK_LANGUAGE: Language = Language::ENGLISH;

/// What a customer can be asked to fill in. `desk/forms/offers.html` shows it; it wants `offers` and
/// `frame`.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Offers {
    /// The thread's address.
    pub(in crate::web) address: String,
    /// The identity forms.
    pub(in crate::web) choices: Vec<Choice>,
    /// Where one comes back to.
    pub(in crate::web) back: &'static str,
}

/// One of the admin's `[[forms]]`.
#[derive(Debug, Clone)]
pub(in crate::web) struct Choice {
    /// Its name.
    pub(in crate::web) name: FormName,
    /// What the button says: its title only where there are several.
    pub(in crate::web) label: String,
}

impl Offers {
    /// Those of the rules, for the thread of that address.
    pub(in crate::web) fn new(rules: &Rules, address: &str, back: &'static str) -> Self {
        let alone = rules.forms.len() == 1;
        let choices = rules.forms.iter().map(|form| Choice {
            name: form.name.clone(),
            label: if alone {
                "Send the secure form".to_owned()
            } else {
                format!("Send “{}”", form.title.in_language(DESK_LANGUAGE))
            },
        });
        Self {
            address: address.to_owned(),
            choices: choices.collect(),
            back,
        }
    }
}

/// What a customer told us for a call, as a card and a thread's page show it.
#[derive(Debug, Clone)]
pub(in crate::web) struct Told {
    /// The number, or how it ends for whoever may not see all of it; `None`: they stay in text.
    pub(in crate::web) number: Option<String>,
    /// When it suits, in their words; empty: any time.
    pub(in crate::web) best_time: String,
    /// The time that they chose.
    pub(in crate::web) ring_at: Option<Shown>,
    /// The time zone they say they are in.
    pub(in crate::web) zone: Option<String>,
    /// When they agreed to be rung.
    pub(in crate::web) at: Option<Shown>,
    /// To which words, by their version.
    pub(in crate::web) consent: String,
}

impl Told {
    /// `sees`: the viewer may see the whole number.
    fn new(row: &FormRequestRow, sees: bool, times: &Times) -> Option<Self> {
        let at = row.submitted_at.map(|at| times.at(at));
        Some(match row.details.as_ref()? {
            CallDetails::Ring {
                number,
                best_time,
                ring_at,
                zone,
                consent_version,
            } => Self {
                number: Some(shown(number.reveal(), sees)),
                best_time: best_time.reveal().clone(),
                ring_at: ring_at.map(|at| times.at(at)),
                zone: zone.as_ref().map(|zone| zone.name().to_owned()),
                at,
                consent: consent_version.clone(),
            },
            CallDetails::StayInText => Self {
                number: None,
                best_time: String::new(),
                ring_at: None,
                zone: None,
                at,
                consent: String::new(),
            },
        })
    }
}

/// A number as its viewer may see it: whole, or how it ends.
fn shown(number: &str, sees: bool) -> String {
    match PhoneNumber::parse(number) {
        _ if sees => number.to_owned(),
        Ok(number) => format!("ending {}", number.ending()),
        Err(_) => "given".to_owned(),
    }
}

/// What the forms of a case say on a card. `desk/forms/marks.html` shows it; it wants `marks` and
/// `frame`.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Marks {
    /// The newest identity check: the badge's tone, what it says and since when.
    pub(in crate::web) identity: Option<(&'static str, &'static str, Shown)>,
    /// The newest details.
    pub(in crate::web) told: Option<Told>,
    /// A details form waits to be filled in.
    pub(in crate::web) details_asked: bool,
}

impl Marks {
    /// Of a case's forms, newest first.
    pub(in crate::web) fn new(forms: &[FormRequestRow], case: u32, times: &Times) -> Self {
        let of_case = || forms.iter().filter(|form| form.case == case);
        let is_identity = |form: &&FormRequestRow| matches!(form.purpose, Purpose::Identity(_));
        let stands = |form: &&FormRequestRow| form.state != FormState::Withdrawn;
        let identity = of_case().filter(is_identity).find(stands);
        let mut details = of_case().filter(|form| form.purpose == Purpose::Details);
        Self {
            identity: identity.map(|form| {
                let (tone, says) = words::identity_check(form.state);
                (tone, says, times.at(changed_at(form)))
            }),
            told: details
                .clone()
                .find_map(|form| Told::new(form, false, times)),
            details_asked: details.next().is_some_and(|form| form.state.is_open()),
        }
    }
}

/// What a form is called.
pub(super) fn title(rules: &Rules, row: &FormRequestRow) -> String {
    let Purpose::Identity(name) = &row.purpose else {
        return "Details for a call".to_owned();
    };
    let form = rules.forms.iter().find(|form| form.name == *name);
    let title = form.map(|form| form.title.in_language(DESK_LANGUAGE));
    match title {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => name.to_string(),
    }
}

/// When a form came as far as it is.
fn changed_at(form: &FormRequestRow) -> Timestamp {
    match form.state {
        FormState::Sent | FormState::Opened | FormState::Withdrawn => form.asked_at,
        FormState::Submitted => form.submitted_at.unwrap_or(form.asked_at),
        FormState::Verified | FormState::Failed => form.checked_at.unwrap_or(form.asked_at),
        FormState::Expired => form.until,
    }
}

/// One form in a thread's list of them.
#[derive(Debug, Clone)]
pub(in crate::web) struct Asked {
    /// Its number.
    pub(in crate::web) id: i64,
    /// What it is called.
    pub(in crate::web) title: String,
    /// The badge's tone.
    pub(in crate::web) tone: &'static str,
    /// How far it has come.
    pub(in crate::web) state: &'static str,
    /// Who asked; `None`: the rules.
    pub(in crate::web) asked_by: Option<String>,
    /// When.
    pub(in crate::web) asked_at: Shown,
    /// Until when it can be filled in, while it can.
    pub(in crate::web) open_until: Option<Shown>,
    /// When it was filled in.
    pub(in crate::web) submitted_at: Option<Shown>,
    /// Who checked it, and when.
    pub(in crate::web) checked: Option<(String, Shown)>,
    /// It waits for a check.
    pub(in crate::web) to_check: bool,
    /// What they told us for a call.
    pub(in crate::web) told: Option<Told>,
}

impl Asked {
    /// Of a stored one. `sees`: the viewer may see whole numbers.
    pub(in crate::web) fn new(
        row: &FormRequestRow,
        sees: bool,
        rules: &Rules,
        names: &Names,
        times: &Times,
    ) -> Self {
        let (tone, state) = words::form_state(row.state);
        Self {
            id: row.id.0,
            title: title(rules, row),
            tone,
            state,
            asked_by: row.asked_by.as_ref().map(|by| names.of(by)),
            asked_at: times.at(row.asked_at),
            open_until: row.state.is_open().then(|| times.at(row.until)),
            submitted_at: row.submitted_at.map(|at| times.at(at)),
            checked: row
                .checked_by
                .as_ref()
                .zip(row.checked_at)
                .map(|(by, at)| (names.of(by), times.at(at))),
            to_check: row.state == FormState::Submitted
                && matches!(row.purpose, Purpose::Identity(_)),
            told: Told::new(row, sees, times),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn who_does_not_have_the_call_sees_only_how_the_number_ends() {
        assert_eq!(shown("+442079460142", true), "+442079460142");
        assert_eq!(shown("+442079460142", false), "ending 42");
        assert_eq!(shown("nonsense 0142", false), "given");
    }
}
