//! What the page says of threads that are played through the real rules.

use super::{Entry, Piece, Show, line::Line, show};
use crate::{
    desk::wording,
    domain::{
        decision::{Action, RuleName},
        message::Party,
        private::Private,
        reading::Correction,
    },
    engine::tests::played::Played,
    store::rows::Cursor,
};

fn shown(played: &Played) -> Show {
    show(&played.thread, &played.rules, None)
}

fn text(pieces: &[Piece]) -> String {
    let said = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Hidden(kind) => format!("<{kind} hidden>"),
    });
    said.collect()
}

/// The page's course, one entry a line: what an agent sees without opening anything.
fn course(show: &Show) -> String {
    let lines = show.entries.iter().map(|entry| match entry {
        Entry::Case(case) => format!("== case {} · {}\n", case.number, case.stands),
        Entry::Note(note) => format!("   note by {}: {}\n", note.by, text(&note.text)),
        Entry::Line(line) => calm(line),
    });
    lines.collect()
}

fn calm(line: &Line) -> String {
    let who = match line.from {
        Party::Customer => "c",
        Party::Agent => "a",
        Party::Bot => "b",
    };
    let mut told = format!(
        "{who} {}\n     [{}] {}",
        text(&line.text),
        line.count.badge,
        line.count.says
    );
    for also in &line.also {
        told.push_str(&format!(" ({also})"));
    }
    if line.late {
        told.push_str(" (came late)");
    }
    told.push('\n');
    if let Some(corrected) = &line.corrected {
        told.push_str(&format!(
            "     {} said: {}. {}\n",
            corrected.by, corrected.said, corrected.came
        ));
    }
    told
}

/// All that stands behind the newest message.
fn details(show: &Show) -> String {
    let newest = show.entries.iter().rev().find_map(|entry| match entry {
        Entry::Line(line) => Some(line),
        _ => None,
    });
    let line = newest.expect("a message");
    let mut told = String::new();
    for judgement in &line.reading {
        let words: Vec<_> = judgement.words.iter().map(Private::reveal).collect();
        told.push_str(&format!("{} {words:?}\n", judgement.what));
    }
    let language = line.language.as_deref().unwrap_or("none");
    told.push_str(&format!("language: {language}\n"));
    let decided = &line.decided;
    told.push_str(&format!(
        "{}: {}\n{} ({})\nthanks: {:?}\n",
        decided.rule, decided.actions, decided.reason, decided.place, decided.thanks
    ));
    let offers: Vec<&str> = line.offers.iter().map(|offer| offer.label).collect();
    told.push_str(&offers.join(" | "));
    told
}

#[test]
fn the_count_stands_beside_each_message_until_it_rings() {
    let played = Played::under("").plays(&[
        "c My bill is wrong",
        "c I am charged twice",
        "b Thanks for your message, we will answer soon.",
        "c+20s for the same month",
        "a You can see each item under Account, Bills.",
        "n Looks like the double booking of May",
        "c+1h That's not what I asked! Why am I charged twice?",
        "c+1h Hello?",
    ]);
    insta::assert_snapshot!(course(&shown(&played)), @r"
    == case 1 · open
    c My bill is wrong
         [1 of 3] Rings at exchange 3, unless it is a thank-you.
    c I am charged twice
         [same turn] Still exchange 1.
    b Thanks for your message, we will answer soon.
         [not counted] Automatic messages never count.
    c for the same month
         [same turn] Still exchange 1.
    a You can see each item under Account, Bills.
         [2 of 3] One more that is not a thank-you rings.
       note by ann: Looks like the double booking of May
    c That's not what I asked! Why am I charged twice?
         [3 of 3] Not a thank-you: stop typing and ring.
    c Hello?
         [exchange 4] A callback is open: this is on its card.
    ");
}

#[test]
fn the_details_name_the_words_that_decided() {
    let played = Played::under("").plays(&[
        "c My bill is wrong",
        "a You can see each item under Account, Bills.",
        "c That's not what I asked, it is still wrong",
    ]);
    insta::assert_snapshot!(details(&shown(&played)), @r#"
    not solved ["That's not what"]
    language: English
    rule of three: callback
    Third exchange was not a thank-you. (case 1, exchange 3)
    thanks: Some("0 %")
    This was thanks
    "#);
}

#[test]
fn what_follows_thanks_is_after_it_was_solved_and_a_new_matter_is_a_new_case() {
    let played = Played::under("").plays(&[
        "c How do I cancel the trial?",
        "a Settings, Plan, Cancel.",
        "c Done, thank you",
        "a You're welcome!",
        "c thanks again",
        "c+3h Hi, do you have gift cards?",
    ]);
    insta::assert_snapshot!(course(&shown(&played)), @r"
    == case 1 · solved
    c How do I cancel the trial?
         [1 of 3] Rings at exchange 3, unless it is a thank-you.
    a Settings, Plan, Cancel.
         [2 of 3] One more that is not a thank-you rings.
    c Done, thank you
         [3 of 3] Thanks: solved.
    a You're welcome!
         [exchange 4] After it was solved.
    c thanks again
         [exchange 5] After it was solved: nothing to do.
    == case 2 · open
    c Hi, do you have gift cards?
         [1 of 3] Rings at exchange 3, unless it is a thank-you.
    ");
}

#[test]
fn a_call_that_solved_the_case_leaves_the_rest_after_it() {
    let played = Played::under("")
        .plays(&["c Can you please call me about my contract?"])
        .rings_and_solves()
        .plays(&["a As said: the new contract is in your account."]);
    let course = course(&shown(&played));
    assert!(course.ends_with("After it was solved.\n"), "{course}");
}

#[test]
fn a_customer_who_stays_in_text_does_not_ring() {
    let played = Played::under("").plays(&[
        "c My voucher does not work",
        "a May we call you about it?",
        "c No thanks, here is fine",
        "a+5m Which voucher is it?",
        "c SUMMER10",
    ]);
    let show = shown(&played);
    insta::assert_snapshot!(course(&show), @r"
    == case 1 · open
    c My voucher does not work
         [1 of 3] Rings at exchange 3, unless it is a thank-you.
    a May we call you about it?
         [2 of 3] One more that is not a thank-you rings.
    c No thanks, here is fine
         [3 of 3] Wants to stay in text: does not ring in this case.
    a Which voucher is it?
         [exchange 4] Held to text: does not ring.
    c SUMMER10
         [exchange 5] Held to text: does not ring.
    ");
    let [wish] = show.wishes.as_slice() else {
        panic!("one wish was expected");
    };
    assert_eq!(
        wish.says,
        "Wants to stay in text: do not ring in this case."
    );
    assert!(
        wish.words
            .as_deref()
            .is_some_and(|words| words.contains("here is fine"))
    );
}

#[test]
fn identity_data_is_hidden_flagged_and_named() {
    let played =
        Played::under("").plays(&["c My card is 4111 1111 1111 1111, please change my address"]);
    let show = shown(&played);
    insta::assert_snapshot!(format!("{}{}", course(&show), details(&show)), @r#"
    == case 1 · open
    c My card is <payment card hidden>, please change my address
         [1 of 3] Rings at exchange 3, unless it is a thank-you. (confidential data hidden) (identity check needed: say so up front) (identity data in the chat)
    offers identity data (confidential: payment card) []
    language: English
    none matched: confidential data hidden, identity check needed, identity data in the chat
    First exchange of 3. (case 1, exchange 1)
    thanks: Some("0 %")
    This was thanks | Not secret
    "#);
}

#[test]
fn a_late_message_says_so() {
    let played = Played::under("")
        .plays(&["c My parcel is late", "a+1h Which number?"])
        .plays_late("30m", "It is the one from Rome");
    let course = course(&shown(&played));
    assert!(
        course.contains("Came late: changes no earlier decision. (came late)"),
        "{course}"
    );
}

#[test]
fn a_soft_callback_leads_with_typing_and_a_loud_one_with_ringing() {
    let soft = Played::under("").plays(&[
        "c My parcel has not arrived",
        "a Sorry! What is the tracking number?",
        "c RX880144",
    ]);
    let show = shown(&soft);
    let row = soft.thread.callbacks.last().expect("a callback");
    assert_eq!(wording::why(row, ""), "Exchange 3 only answered us.");
    let soft = course(&show);
    assert!(soft.contains("Keep typing, or ring."), "{soft}");
}

#[test]
fn a_rule_of_the_admins_is_named_with_what_it_does() {
    let rules = r#"
        exchanges = 4
        [[rules]]
        name = "outage"
        when = { words = "outage" }
        then = "flag"
        [[rules]]
        name = "vip"
        when = { words = "platinum" }
        then = "callback"
    "#;
    let played = Played::under(rules).plays(&[
        "c Is there an outage?",
        "a Not that we know.",
        "c I am a platinum member",
    ]);
    let show = shown(&played);
    insta::assert_snapshot!(course(&show), @r"
    == case 1 · open
    c Is there an outage?
         [1 of 4] Your rule “outage” tells the desk.
    a Not that we know.
         [2 of 4] Rings at exchange 4, unless it is a thank-you.
    c I am a platinum member
         [3 of 4] Your rule “vip” rings.
    ");
}

#[test]
fn a_correction_stands_under_its_message_and_can_be_taken_back() {
    let played = Played::under("")
        .plays(&[
            "c The app logs me out",
            "a Please update to 5.2.",
            "c Great, thanks a lot",
        ])
        .corrected(Correction::NotThanks, |decided| {
            decided.actions = vec![Action::Reopen, Action::Callback];
            decided.rule = RuleName::RuleOfThree;
            decided.reading.as_mut().expect("a reading").closing = None;
        });
    let show = shown(&played);
    let course = course(&show);
    assert!(
        course.ends_with("     ann said: not thanks. Case reopened, callback.\n"),
        "{course}"
    );
    assert!(details(&show).ends_with("This was thanks"));
}

#[test]
fn an_older_page_knows_what_was_solved_before_it() {
    let mut played = Played::under("").plays(&[
        "c How do I cancel the trial?",
        "a Settings, Plan, Cancel.",
        "c Done, thank you",
        "a You're welcome!",
        "c+3m it charged me again anyway",
    ]);
    played.thread.lines.drain(..3);
    played.thread.older = Some(Cursor(3));
    let course = course(&shown(&played));
    assert!(course.contains("After it was solved."), "{course}");
    assert!(course.contains("(case reopened)"), "{course}");
}

#[test]
fn each_note_stands_on_exactly_one_page() {
    let mut newest = Played::under("").plays(&[
        "n before all",
        "c My bill is wrong",
        "n in between",
        "a+1h Which month?",
        "n at the end",
    ]);
    let mut older = newest.thread.clone();
    older.lines.truncate(1);
    newest.thread.lines.remove(0);
    newest.thread.older = Some(Cursor(2));
    let until = newest.thread.lines[0].message.received_at;
    let older = show(&older, &newest.rules, Some(until));
    let older = course(&older);
    let newest = course(&shown(&newest));
    assert!(
        older.contains("before all") && older.contains("in between"),
        "{older}"
    );
    assert!(
        newest.contains("at the end") && !newest.contains("in between"),
        "{newest}"
    );
    assert!(!older.contains("at the end"), "{older}");
}

#[test]
fn waiting_is_told_from_the_first_message_without_an_answer() {
    let played = Played::under("").plays(&[
        "c No internet since this morning",
        "a Which router?",
        "c The white one",
        "b We are on it",
        "c+20s and it blinks",
    ]);
    let facts = shown(&played).facts;
    let first = played.thread.lines[2].message.at;
    assert_eq!(facts.waiting_since, Some(first));
    assert_eq!(facts.customer, "Kim");
}
