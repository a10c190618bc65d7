//! The rules as sentences, for an admin who wants to see what a file really says. Reads [`Rules`]
//! alone, so it cannot say what does not hold.

mod heard;

use std::fmt::{self, Write};

use super::{AdminRule, Desk, DeskHours, OnSoft, Policy, Rules, Speak, Then, When};
use crate::{
    domain::{
        hours::{Hours, Opening},
        ids::{AccountName, DeskName},
        message::Visibility,
        reading::{IdentityLevel, SpanKind},
        vocabulary::{PhraseList, Vocabulary},
    },
    rules::file::hours::day_name,
};

/// One headed list of sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What the sentences are about.
    pub head: String,
    /// The sentences.
    pub sentences: Vec<String>,
    /// They are tried in this order.
    pub is_ordered: bool,
}

impl Part {
    fn list(head: impl Into<String>, sentences: Vec<String>) -> Self {
        Self {
            head: head.into(),
            sentences,
            is_ordered: false,
        }
    }
}

/// The rules as plain sentences, for a terminal.
#[must_use]
pub fn explain(rules: &Rules) -> String {
    let desks = rules.desks.iter();
    let desks = desks.map(|(name, own)| desk(name, own));
    let mut text: String = what_holds(rules)
        .iter()
        .chain(&[Part::list("Desks", desks.collect())])
        .chain(&heard(rules))
        .chain(&words(rules))
        .chain(&[kept(rules)])
        .map(|part| format!("{part}\n"))
        .collect();
    let tests = match rules.tests.len() {
        0 => "The file has no tests of its own.".to_owned(),
        1 => "The file has 1 test of its own.".to_owned(),
        tests => format!("The file has {tests} tests of its own."),
    };
    // Writing to a string cannot fail.
    let _written: std::fmt::Result = writeln!(text, "{tests} Version {}.", rules.version);
    text
}

/// What holds on every channel, on which channels something else does, and in which order the
/// rules are tried.
#[must_use]
pub fn what_holds(rules: &Rules) -> Vec<Part> {
    let general = policy(&rules.defaults);
    let mut parts = vec![Part::list("On every channel", general.clone())];
    for (name, own) in &rules.channels {
        let own = policy(own);
        let different: Vec<String> = own
            .into_iter()
            .filter(|sentence| !general.contains(sentence))
            .collect();
        if !different.is_empty() {
            let head = format!("On channel {name}, instead");
            parts.push(Part::list(head, different));
        }
    }
    parts.push(Part {
        head: "A customer's message: the first that matches decides".to_owned(),
        sentences: in_order(rules),
        is_ordered: true,
    });
    parts
}

/// What customers hear from Ringback itself, and which forms they fill in.
#[must_use]
pub fn heard(rules: &Rules) -> [Part; 2] {
    [heard::messages(rules), heard::forms(rules)]
}

/// What the admin changed of the words that the reader looks for, if anything.
#[must_use]
pub fn words(rules: &Rules) -> Option<Part> {
    let words = vocabulary(&rules.vocabulary);
    (!words.is_empty()).then(|| Part::list("Words", words))
}

/// How long what is kept is kept.
#[must_use]
pub fn kept(rules: &Rules) -> Part {
    Part::list("What is kept", rules.retention.sentences())
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.head)?;
        for (number, sentence) in (1..).zip(&self.sentences) {
            if self.is_ordered {
                writeln!(f, "{number}. {sentence}")?;
            } else {
                writeln!(f, "- {sentence}")?;
            }
        }
        Ok(())
    }
}

/// What holds on a channel, one sentence a matter, so that two channels compare by sentence.
fn policy(policy: &Policy) -> Vec<String> {
    let Policy {
        exchanges,
        merge_within,
        reopen_within,
        new_case_after,
        soft_wait,
        text_limit,
        answer_within,
        check_back_after,
        grace,
        mute_lasts,
        on_soft,
        watch,
        speak,
        desk,
        ..
    } = policy;
    vec![
        format!("A person rings the customer back at exchange {exchanges}, unless it is thanks."),
        match on_soft {
            OnSoft::Quiet => format!(
                "If the customer is merely answering us, the callback is soft: it turns loud at \
                 their next turn that is not thanks, or after {soft_wait} without our answer."
            ),
            OnSoft::Ring => {
                "It rings just as loud if the customer is merely answering us.".to_owned()
            }
            OnSoft::OneMore => "If the customer is merely answering us, it waits for their next \
                                turn that is not thanks."
                .to_owned(),
        },
        format!("Messages of one party at most {merge_within} apart are one exchange."),
        format!("A complaint within {reopen_within} of a solved case reopens it."),
        format!(
            "A customer who is silent for more than {new_case_after} after our last message \
             starts a new case."
        ),
        format!(
            "A customer who stays in text is not rung; at exchange {text_limit} a supervisor is \
             asked to join."
        ),
        format!(
            "The desk is reminded of a customer who has waited {answer_within} for our answer, \
             in its hours."
        ),
        format!("The desk looks again {check_back_after} after a customer settled to wait."),
        match grace {
            0 => "If an agent keeps typing, the count rings again at the next exchange.".to_owned(),
            1 => "If an agent keeps typing, 1 more exchange passes before the count rings again."
                .to_owned(),
            more => format!(
                "If an agent keeps typing, {more} more exchanges pass before the count rings again."
            ),
        },
        format!("An author who is no customer opens no callback for {mute_lasts}."),
        format!("Desk {desk} works the callbacks."),
        if *watch {
            "Watch only: decisions are kept and reported, and nobody is told.".to_owned()
        } else {
            "The desk is told what is decided.".to_owned()
        },
        match speak {
            Speak::Private => "Ringback says something to customers by itself in private only.",
            Speak::Never => "Ringback says nothing to customers by itself: the desk is asked to.",
        }
        .to_owned(),
    ]
}

/// The rules in the order they are tried, the admin's in their place.
fn in_order(rules: &Rules) -> Vec<String> {
    const BEFORE: [&str; 5] = [
        "wants_call: the customer asks to be rung: callback.",
        "urgent: an urgent word: callback at the head of the queue; a supervisor in text if the \
         customer stays in text.",
        "thanks: the case is solved; after a promise of ours the customer waits instead.",
        "wants_text: the customer stays in text: no callback.",
        "waiting: the customer settles to wait: nothing now.",
    ];
    const AFTER: [&str; 4] = [
        "callback_open: a callback is open already: the message goes to its card.",
        "held: the customer stays in text: no callback.",
        "rule_of_three: the exchange is reached: callback.",
        "none: nothing.",
    ];
    let own = rules.rules.iter().map(|rule| admin_rule(rule, rules));
    let before = BEFORE.into_iter().map(str::to_owned);
    before
        .chain(own)
        .chain(AFTER.into_iter().map(str::to_owned))
        .collect()
}

fn admin_rule(rule: &AdminRule, rules: &Rules) -> String {
    let then = match rule.then {
        Then::Callback => "callback",
        Then::Wait => "the customer waits",
        Then::Flag => "the desk is told",
        Then::None => "nothing",
    };
    let desk = match &rule.desk {
        Some(desk) => format!(" (desk {desk})"),
        None => String::new(),
    };
    let priority = match rule.priority {
        0 => String::new(),
        priority => format!(" (priority {priority})"),
    };
    let when = conditions(&rule.when, &rules.vocabulary).join(", and ");
    format!("{}, yours{priority}: if {when}: {then}{desk}.", rule.name)
}

fn conditions(when: &When, vocabulary: &Vocabulary) -> Vec<String> {
    let words = when.words.and_then(|list| vocabulary.word_lists.get(list));
    [
        when.exchange
            .map(|exchange| format!("the exchange is {exchange} or later")),
        one_of("the channel is", &when.channels),
        when.visibility.map(|visibility| {
            let seen = match visibility {
                Visibility::Public => "public",
                Visibility::Private => "private",
            };
            format!("the message is {seen}")
        }),
        one_of("the topic is", &when.topics),
        words.map(|words| format!("it says {}", said(words))),
        one_of("the language is", &when.languages),
        one_of("it is tagged", &when.tags),
        when.hours.map(|hours| match hours {
            DeskHours::Open => "the desk is open".to_owned(),
            DeskHours::Closed => "the desk is closed".to_owned(),
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// "the channel is x or y", if there is anything to choose from.
fn one_of<T: ToString>(what: &str, names: &[T]) -> Option<String> {
    let names: Vec<String> = names.iter().map(T::to_string).collect();
    (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")))
}

/// Phrases in quotes: `"refund" or "money back"`.
fn said(phrases: &[String]) -> String {
    let quoted: Vec<String> = phrases
        .iter()
        .map(|phrase| format!("\"{phrase}\""))
        .collect();
    quoted.join(" or ")
}

fn desk(name: &DeskName, desk: &Desk) -> String {
    let Desk {
        brand,
        language,
        hours,
        members,
        ..
    } = desk;
    let members: Vec<&str> = members.iter().map(AccountName::as_str).collect();
    let who = match members.as_slice() {
        [] => "everybody works it".to_owned(),
        [one] => format!("{one} works it"),
        [most @ .., last] => format!("{} and {last} work it", most.join(", ")),
    };
    let hours = opening_hours(hours);
    format!(
        "{name} is {hours}; {who}; customers know it as {brand}, in {language} where theirs is not \
         known."
    )
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
    let (day, from) = (day_name(opening.day), opening.from.strftime("%H:%M"));
    match opening.to {
        Some(to) => format!("{day} {from}-{}", to.strftime("%H:%M")),
        None => format!("{day} {from}-24:00"),
    }
}

/// What the admin changed of what the reader looks for.
fn vocabulary(vocabulary: &Vocabulary) -> Vec<String> {
    let mut sentences = Vec::new();
    for (topic, words) in &vocabulary.topics {
        sentences.push(format!(
            "The topic is {topic} if a message says {}.",
            said(words)
        ));
    }
    for (list, changes) in &vocabulary.phrases {
        let mut names = PhraseList::ALL.iter();
        let name = names.find_map(|(other, name)| (other == list).then_some(*name));
        let name = name.unwrap_or_default();
        if !changes.add.is_empty() {
            sentences.push(format!("{} counts as {name}.", said(&changes.add)));
        }
        if !changes.remove.is_empty() {
            sentences.push(format!(
                "{} no longer counts as {name}.",
                said(&changes.remove)
            ));
        }
    }
    for pattern in &vocabulary.patterns {
        let (name, kind) = (&pattern.name, pattern.kind);
        sentences.push(match kind {
            SpanKind::Custom => format!("What the pattern {name} finds is data of your own."),
            kind => format!("What the pattern {name} finds is data of the kind {kind}."),
        });
    }
    for (kind, level) in &vocabulary.levels {
        let level = match level {
            IdentityLevel::Identifying => "identifying",
            IdentityLevel::Confidential => "confidential",
        };
        sentences.push(format!("Data of the kind {kind} is {level}."));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::rules::Rules;

    #[test]
    fn the_rules_read_as_sentences() {
        let source = r#"
desk = "day"
mute_lasts = "7d"
[channels.webchat]
grace = 1
exchanges = 4
on_soft = "ring"
[channels.same]
exchanges = 3
[channels.trial]
on_soft = "one_more"
watch = true
[desks.day]
brand = "Brightwire"
language = "es"
members = ["lee", "kim", "ana"]
zone = "America/New_York"
hours = ["mon-tue 09:00-18:00", "sat 20:00-24:00"]
[desks.night]
[phrases.urgent]
add = ["gas leak", "recall"]
remove = "fire"
[topics]
billing = ["bill", "invoice"]
[levels]
phone = "confidential"
[retention]
threads = "365d"
[[patterns]]
name = "members"
regex = '\bM\d{8}\b'
[[patterns]]
name = "branch-accounts"
regex = '\b77-\d{6}\b'
kind = "bank_account"
[[rules]]
name = "late-refunds"
when = { exchange = 2, channels = ["webchat", "trial"], visibility = "public", topics = "billing", words = ["refund", "money back"], languages = "en", tags = ["vip"], hours = "closed" }
then = "callback"
desk = "night"
[[rules]]
name = "press"
when = { tags = ["press", "radio"] }
then = "flag"
priority = 5
[[tests]]
thread = "customer: hello"
expect = "none"
"#;
        let rules = Rules::parse(source.as_bytes(), "rules.toml", None).unwrap();
        insta::assert_snapshot!(explain(&rules), @r#"
    On every channel
    - A person rings the customer back at exchange 3, unless it is thanks.
    - If the customer is merely answering us, the callback is soft: it turns loud at their next turn that is not thanks, or after 15m without our answer.
    - Messages of one party at most 10m apart are one exchange.
    - A complaint within 1d of a solved case reopens it.
    - A customer who is silent for more than 3d after our last message starts a new case.
    - A customer who stays in text is not rung; at exchange 6 a supervisor is asked to join.
    - The desk is reminded of a customer who has waited 30m for our answer, in its hours.
    - The desk looks again 1d after a customer settled to wait.
    - If an agent keeps typing, 2 more exchanges pass before the count rings again.
    - An author who is no customer opens no callback for 7d.
    - Desk day works the callbacks.
    - The desk is told what is decided.
    - Ringback says something to customers by itself in private only.

    On channel trial, instead
    - If the customer is merely answering us, it waits for their next turn that is not thanks.
    - Watch only: decisions are kept and reported, and nobody is told.

    On channel webchat, instead
    - A person rings the customer back at exchange 4, unless it is thanks.
    - It rings just as loud if the customer is merely answering us.
    - If an agent keeps typing, 1 more exchange passes before the count rings again.

    A customer's message: the first that matches decides
    1. wants_call: the customer asks to be rung: callback.
    2. urgent: an urgent word: callback at the head of the queue; a supervisor in text if the customer stays in text.
    3. thanks: the case is solved; after a promise of ours the customer waits instead.
    4. wants_text: the customer stays in text: no callback.
    5. waiting: the customer settles to wait: nothing now.
    6. press, yours (priority 5): if it is tagged press or radio: the desk is told.
    7. late-refunds, yours: if the exchange is 2 or later, and the channel is webchat or trial, and the message is public, and the topic is billing, and it says "refund" or "money back", and the language is en, and it is tagged vip, and the desk is closed: callback (desk night).
    8. callback_open: a callback is open already: the message goes to its card.
    9. held: the customer stays in text: no callback.
    10. rule_of_three: the exchange is reached: callback.
    11. none: nothing.

    Desks
    - day is open mon 09:00-18:00, tue 09:00-18:00, sat 20:00-24:00 in America/New_York; ana, kim and lee work it; customers know it as Brightwire, in es where theirs is not known.
    - night is always open; everybody works it; customers know it as Ringback, in en where theirs is not known.

    What customers hear from Ringback, in private
    - data_hidden (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Una parte de lo que nos ha escrito parecía confidencial, así que la hemos ocultado y no guardamos ninguna copia. Por favor, no envíe datos así por este chat. Puede seguir aquí con toda tranquilidad; si prefiere hablar con una persona, escriba «llámeme».
    - identity_needed (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Para lo que nos pide, primero necesitamos estar seguros de que es usted. Por favor, no envíe datos personales por este chat. Usted elige: rellene nuestro formulario seguro con el botón de abajo o escriba «llámeme» y una persona le llamará.
    - details_asked (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. A una persona de nuestro equipo le gustaría llamarle por este asunto. Podemos llamarle, como muy pronto, ⟨when⟩. Con el botón de abajo puede indicarnos a qué número llamar y cuándo le viene bien, o que prefiere seguir aquí en el chat.
    - form_submitted (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Su formulario nos ha llegado correctamente y solo lo ven las personas que lo necesitan. Lo revisaremos y le responderemos aquí. Si quiere cambiar algo, escríbanos.
    - identity_verified (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos comprobado su identidad y todo está en orden. Le responderemos aquí sobre lo que nos pidió. Si prefiere hablar con una persona, escriba «llámeme».
    - call_coming (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Estamos a punto de llamarle al número que termina en ⟨number_end⟩. Para que sepa que somos nosotros, quien le llame dirá primero las dos palabras «⟨words⟩». ¿Prefiere seguir aquí en el chat? Díganoslo.
    - call_waits (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Una persona de nuestro equipo le llamará ⟨when⟩ al número que termina en ⟨number_end⟩: es el próximo momento en que podemos atenderle y en que no es demasiado pronto ni demasiado tarde donde usted está. Si le viene mejor otro momento o prefiere seguir aquí en el chat, díganoslo.
    - call_scheduled (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Le llamaremos ⟨when⟩ al número que termina en ⟨number_end⟩. Si le viene mejor otro momento o prefiere seguir aquí en el chat, díganoslo.
    - call_late (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Nuestra llamada tarda más de lo debido y lo sentimos. Una persona responsable se ocupa ya de ello. Si prefiere seguir aquí en el chat, díganoslo.
    - no_answer (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Acabamos de llamarle al número que termina en ⟨number_end⟩ y no hemos podido hablar con usted. No pasa nada: volveremos a intentarlo ⟨when⟩. Con el botón de abajo puede elegir el momento que mejor le venga o decirnos que prefiere seguir aquí en el chat.
    - wrong_number (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos intentado llamarle, pero el número que tenemos no parece ser el suyo. Con el botón de abajo puede darnos el correcto y un buen momento, o decirnos que prefiere seguir aquí en el chat.
    - call_exhausted (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Le hemos llamado varias veces sin poder hablar con usted, así que no volveremos a llamar por nuestra cuenta. No se pierde nada: una persona responsable tiene su asunto y le escribirá aquí. Si al final desea una llamada, escriba «llámeme».
    - incident_status (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. En este momento muchos clientes nos escriben por lo mismo. ⟨status⟩ No tiene que hacer nada y volveremos a ponernos en contacto con usted. Si prefiere hablar ya con una persona, escriba «llámeme».
    - video_offered (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. También podemos hablar por vídeo en lugar de por teléfono. Para que sepa que somos nosotros, la persona de nuestro equipo dirá primero las dos palabras «⟨words⟩». Si prefiere una llamada de teléfono o seguir aquí en el chat, díganoslo. Para hablar por vídeo, abra este enlace: ⟨video⟩
    - satisfaction_asked (es, and in de, en, fr, it, pt): Este es un mensaje automático de Brightwire. Hemos hablado por teléfono. ¿Le ha servido de ayuda? Basta con tocar un botón de abajo, y puede dejarlo sin contestar. Si queda algo pendiente, escríbanos aquí.

    Identity checks
    - The form identity is offered where no other is; it asks for full_name, birth_date (a date), postal_code, customer_number (may be left empty).
    - A link to a form can be opened for 30m, and asked for within 1d.
    - What was filled in is deleted after 1d.
    - An answer of ours that asks for identity data goes back to its agent after 15m.

    Words
    - The topic is billing if a message says "bill" or "invoice".
    - "gas leak" or "recall" counts as urgent.
    - "fire" no longer counts as urgent.
    - What the pattern members finds is data of your own.
    - What the pattern branch-accounts finds is data of the kind bank_account.
    - Data of the kind phone is confidential.

    What is kept
    - A thread goes, with all that belongs to it, 365d after the last that happened on it; one with an open callback or form stays.
    - Who did what is kept for 730d.
    - What a desk was told goes 90d after it ended.
    - A web chat cannot be opened again after 90d without its customer.
    - That a message could not be taken is kept for 30d.
    - What webhooks were told is kept for 7d; what could not be told, for 90d.

    The file has 1 test of its own. Version 4400a23beb58.
    "#);
    }

    #[test]
    fn the_shipped_rules_read_as_sentences() {
        let sentences = explain(&Rules::built_in());
        assert!(
            sentences.contains("at exchange 3, unless it is thanks"),
            "{sentences}"
        );
        assert!(!sentences.contains("On channel"), "{sentences}");
    }
}
