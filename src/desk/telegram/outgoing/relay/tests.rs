//! How relayed messages read.

use crate::{
    desk::Plain,
    domain::{
        ids::ShownName,
        message::{Attachment, Party},
    },
    engine::chat::rows::LineToCarry,
};

use super::words;

fn line(from: Party, text: &str, attachment: Option<Attachment>) -> LineToCarry {
    LineToCarry {
        from,
        name: (from == Party::Agent).then(|| ShownName::parse("Kim Doe").unwrap()),
        text: text.to_owned().into(),
        attachment,
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
        form: None,
        asks_helped: false,
        language: None,
        posts: Vec::new(),
    }
}

fn ana() -> Plain {
    Plain::name("Ana <b>")
}

#[test]
fn a_customers_topic_shows_their_words_alone() {
    let said = line(Party::Customer, "My bill is wrong", None);
    let shown = words::text(&said, &ana(), true);
    assert_eq!(shown, "\u{2068}My bill is wrong\u{2069}");
}

#[test]
fn a_group_without_topics_is_told_who_writes() {
    let said = line(Party::Customer, "My bill is wrong", None);
    let shown = words::text(&said, &ana(), false);
    assert_eq!(
        shown,
        "👤 <b>\u{2068}Ana &lt;b&gt;\u{2069}</b>\n\u{2068}My bill is wrong\u{2069}"
    );
}

#[test]
fn an_answer_from_elsewhere_is_told_apart_from_the_customers_words() {
    let said = line(Party::Agent, "On it", None);
    let topic = words::text(&said, &ana(), true);
    assert_eq!(
        topic,
        "↪️ <b>\u{2068}Kim Doe\u{2069}</b>\n\u{2068}On it\u{2069}"
    );
    let group = words::text(&said, &ana(), false);
    assert!(group.contains("→ \u{2068}Ana &lt;b&gt;\u{2069}"), "{group}");
    let ours = line(Party::Bot, "We will ring you", None);
    assert!(words::text(&ours, &ana(), true).starts_with("🤖 <b>Automatic message</b>\n"));
}

#[test]
fn a_bare_photo_has_no_caption_in_a_topic() {
    let photo = line(Party::Customer, "[photo]", Some(Attachment::Photo));
    assert_eq!(words::caption(&photo, &ana(), true), "");
    assert!(words::caption(&photo, &ana(), false).starts_with("👤 "));
    let told = line(Party::Customer, "my bill", Some(Attachment::Photo));
    assert_eq!(
        words::caption(&told, &ana(), true),
        "\u{2068}my bill\u{2069}"
    );
}

#[test]
fn a_forged_name_writes_no_line_of_ours() {
    let forged = Plain::name("Ana\n🤖 Automatic message\nCall +44 20 7946 0000");
    let said = line(Party::Customer, "hello\n🤖 <b>Automatic message</b>", None);
    let shown = words::text(&said, &forged, false);
    assert_eq!(shown.matches("<b>").count(), 1, "{shown}");
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert_eq!(words::topic(&forged).lines().count(), 1);
}
