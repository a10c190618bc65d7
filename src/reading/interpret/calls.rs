//! Whether the customer asks to be rung, or to stay in text. Words of a call count only where
//! they ask: "don't call me" refuses, "you said you'd call me" reproaches.

use crate::domain::{
    reading::{Context, TextWish},
    vocabulary::PhraseList,
};

use super::{Clues, Sign, Words};

/// What the customer wishes, with the words.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// To be rung.
    pub(super) call: Option<Words>,
    /// To stay in text.
    pub(super) text: Option<(TextWish, Words)>,
}

/// How far before the words of a call a "don't" or a "you said" still turns them.
const TURNS_WITHIN: usize = 3;

/// Reads both wishes.
pub(super) fn wishes(clues: &Clues<'_>, context: &Context, has_phone: bool) -> Wishes {
    let offered = context.ours.is_some_and(|ours| ours.offers_call);
    let (asked, refused) = mentions(clues);
    let mut wishes = Wishes {
        text: text_wish(clues),
        call: asked,
    };
    if wishes.text.is_some() {
        wishes.call = None;
    } else if wishes.call.is_none() {
        wishes.text = refused.map(|refusal| {
            let wish = if refusal.limited || offered {
                TextWish::Case
            } else {
                TextWish::Always
            };
            (wish, refusal.words)
        });
    }
    if offered && wishes.call.is_none() && wishes.text.is_none() {
        match reply_to_offer(clues, has_phone) {
            Some((true, words)) => wishes.call = Some(words),
            Some((false, words)) => wishes.text = Some((TextWish::Case, words)),
            None => {}
        }
    }
    overrule(clues, &mut wishes);
    wishes
}

/// The admin's own phrases win.
fn overrule(clues: &Clues<'_>, wishes: &mut Wishes) {
    let text = clues
        .added(PhraseList::WantsTextAlways)
        .map(|words| (TextWish::Always, words))
        .or_else(|| {
            clues
                .added(PhraseList::WantsText)
                .map(|words| (TextWish::Case, words))
        });
    let call = clues.added(PhraseList::WantsCall);
    if call.is_some() {
        *wishes = Wishes { call, text };
    } else if text.is_some() {
        *wishes = Wishes { call: None, text };
    }
}

fn text_wish(clues: &Clues<'_>) -> Option<(TextWish, Words)> {
    let always = clues.all(Sign::WantsTextAlways).iter().find(|words| {
        !clues.before(Sign::NotWantsCall, words, TURNS_WITHIN) && !clues.in_question(words)
    });
    if let Some(words) = always {
        // "Never" with a limit ("never call me at work") holds for this case only.
        let wish = if clues.after(Sign::Limit, words, 1) {
            TextWish::Case
        } else {
            TextWish::Always
        };
        return Some((wish, words.clone()));
    }
    clues
        .all(Sign::WantsText)
        .iter()
        .find(|words| {
            !clues.before(Sign::Negation, words, 1)
                && clues.is_one_clause(words)
                && !clues.before(Sign::NotWantsCall, words, TURNS_WITHIN)
        })
        .map(|words| (TextWish::Case, words.clone()))
}

/// Words of a call that refuse it.
struct Refused {
    words: Words,
    /// For a time or a place, or merely not needed now.
    limited: bool,
}

/// The first words that ask for a call, and the first that refuse one.
fn mentions(clues: &Clues<'_>) -> (Option<Words>, Option<Refused>) {
    let direct = clues.all(Sign::WantsCall).iter().cloned();
    let direct = direct.map(|words| (words, Form::Direct));
    let wished = clues
        .pairs(Sign::Wants, Sign::CallNoun, 4)
        .map(|words| (words, Form::Wished));
    // "I want to change my phone number" seeks none to ring.
    let own = |words: &Words| {
        [Sign::Mine, Sign::Change, Sign::NeedsCheck]
            .iter()
            .any(|sign| clues.within(*sign, words))
    };
    let sought = clues
        .pairs(Sign::Speak, Sign::Person, 3)
        .chain(
            clues
                .pairs(Sign::SeeksNumber, Sign::CallNumber, 5)
                .filter(move |words| !own(words)),
        )
        .map(|words| (words, Form::Sought));
    let mut asked = None;
    let mut refused = clues.first(Sign::RefusesCall).map(|words| Refused {
        limited: clues.after(Sign::Limit, &words, 1),
        words,
    });
    for (words, form) in direct.chain(wished).chain(sought) {
        if clues.before(Sign::NotWantsCall, &words, TURNS_WITHIN) {
            continue;
        }
        if [Sign::RefusesCall, Sign::WantsTextAlways]
            .iter()
            .any(|sign| clues.within(*sign, &words))
        {
            continue;
        }
        let denied = clues.before(Sign::Negation, &words, 1);
        let turned = clues.within(Sign::Refusal, &words);
        if clues.before(Sign::Refusal, &words, TURNS_WITHIN)
            || turned
            || form == Form::Wished && denied
        {
            // "I don't have a number" refuses nothing.
            if form != Form::Sought {
                refused.get_or_insert_with(|| Refused {
                    limited: form == Form::Wished || clues.after(Sign::Limit, &words, 1),
                    words,
                });
            }
        } else {
            asked.get_or_insert(words);
        }
    }
    (asked.or_else(|| bare_person(clues)), refused)
}

/// "Agent please", "human": nothing but the person.
fn bare_person(clues: &Clues<'_>) -> Option<Words> {
    const BARE: &[Sign] = &[Sign::Person, Sign::Please, Sign::Filler, Sign::Greeting];
    clues
        .first(Sign::Person)
        .filter(|_| clues.words().len() <= 5 && clues.unexplained(BARE).is_empty())
        .filter(|_| !clues.has_any(&[Sign::Thanks, Sign::Praise]))
}

/// How the words speak of a call.
#[derive(PartialEq, Eq)]
enum Form {
    /// "Call me."
    Direct,
    /// "I want a call."
    Wished,
    /// "Let me speak to a person", "what number can I ring".
    Sought,
}

/// A reply to "may we call you?": taken up, turned down, or neither.
fn reply_to_offer(clues: &Clues<'_>, has_phone: bool) -> Option<(bool, Words)> {
    let all = 0..clues.words().len();
    let first = |signs: &[Sign]| {
        signs
            .iter()
            .filter_map(|sign| clues.first(*sign))
            .find(|words| words.start <= 2)
    };
    if clues.has_any(&[Sign::NotNow, Sign::Unsolved, Sign::CannotAnswer]) && !has_phone {
        return None;
    }
    if let Some(words) = first(&[Sign::No, Sign::NoThanks, Sign::Declines]) {
        return Some((false, words));
    }
    if has_phone {
        return Some((true, all));
    }
    let taken = first(&[
        Sign::Yes,
        Sign::Accepts,
        Sign::Ack,
        Sign::Please,
        Sign::Pleased,
    ])?;
    (clues.unexplained(super::answers::SMALL_TALK).len() <= 8).then_some((true, taken))
}
