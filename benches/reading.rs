//! What a reading costs, on one core: one message of about 140 letters with its sensitive data,
//! its language and what was said before it. Promised are 20 µs.
//!
//! `cargo bench --bench reading`; `cargo bench --bench reading -- reading::thanks` for one of them.
//! The median tells; the machine's other work shows in the mean. `items/s` are messages a second.
//! `reading` is `scan` (needs no context) and `interpret` (does). `first_start` is what a process
//! pays for its first reader: it shows once, before the table. The shipped phrases cost it nothing,
//! because the build has made their tables. `start` is any further one, as after a reload.
//!
//! `hostile` is a whole reading of the texts that cost most for their length, at 10,000, 20,000 and
//! 40,000 letters: twice the letters must cost about twice the time. Four times would be a flaw
//! that one long message could stop the bot with.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark reads the clock, prints what it measured, and may fail"
)]

use std::time::Instant;

use divan::{Bencher, black_box, counter::ItemsCount};
use ringback::{
    domain::{
        message::Party,
        reading::{Context, Marks},
        vocabulary::Vocabulary,
    },
    reading::Reader,
};

/// Customers' messages of about 140 letters, by what makes them costly.
const MESSAGES: &[(&str, &str)] = &[
    (
        "thanks",
        "@acme ah brilliant, that has done the trick and the app is back to normal on both of our \
         phones. Thanks ever so much for your help Priya, have a lovely weekend 😊",
    ),
    (
        "complaint",
        "@acme thanks for the reply but it is still doing exactly the same thing as it was this \
         morning, I have restarted it twice now and the error just comes back again. What now?",
    ),
    (
        "numbers",
        "my booking is RX204455 and the card ends 4242, you can ring me on +44 20 7946 0018 after \
         six or mail kim@example.com, I was born on 4 May 1990 if you need that too",
    ),
    (
        "german",
        "Vielen Dank für die schnelle Antwort, das hat leider nicht geklappt. Die Karte wird immer \
         noch nicht erkannt und morgen muss ich los, können Sie mich bitte zurückrufen?",
    ),
    (
        "japanese",
        "ご連絡ありがとうございます。教えていただいた手順で再起動したところ無事に直りました。\
         夜遅くに丁寧に対応してくださって本当に助かりました。また何かありましたらよろしくお願いします！",
    ),
    (
        "arabic",
        "شكراً جزيلاً على الرد السريع، جربت الخطوات التي ذكرتها لي وما زالت المشكلة نفسها تظهر كل \
         مرة أفتح فيها التطبيق، هل يمكن أن يتصل بي أحد من فضلك؟",
    ),
];

fn main() {
    let begun = Instant::now();
    black_box(reader());
    println!("first_start: {:.1?}", begun.elapsed());
    divan::main();
}

fn text(name: &str) -> &'static str {
    let found = MESSAGES.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, text)| text)
}

fn reader() -> Reader {
    Reader::new(&Vocabulary::default()).expect("the shipped phrases are fine")
}

fn context() -> Context {
    Context {
        ours: Some(Marks {
            reports: true,
            ..Marks::default()
        }),
        ours_is_last: true,
        ..Context::default()
    }
}

const NAMES: [&str; 6] = [
    "thanks",
    "complaint",
    "numbers",
    "german",
    "japanese",
    "arabic",
];

/// A whole reading: `scan` and `interpret`.
#[divan::bench(args = NAMES, sample_size = 50)]
fn reading(bencher: Bencher<'_, '_>, name: &str) {
    let (reader, context, text) = (reader(), context(), text(name));
    bencher.counter(ItemsCount::new(1_u32)).bench(|| {
        let scan = reader.scan(black_box(text), None);
        reader.interpret(&scan, Party::Customer, &context)
    });
}

/// Of that, what needs no context.
#[divan::bench(args = NAMES, sample_size = 50)]
fn scan(bencher: Bencher<'_, '_>, name: &str) {
    let (reader, text) = (reader(), text(name));
    bencher.bench(|| reader.scan(black_box(text), None));
}

/// Of that, what does.
#[divan::bench(args = NAMES, sample_size = 50)]
fn interpret(bencher: Bencher<'_, '_>, name: &str) {
    let (reader, context) = (reader(), context());
    let scan = reader.scan(text(name), None);
    bencher.bench(|| reader.interpret(black_box(&scan), Party::Customer, &context));
}

/// What is repeated to make the texts that cost most for their length.
const FLOODS: [&str; 9] = [
    "thanks but ",
    "no ",
    "a? ",
    "12 ",
    "tel 0171 2345678, ",
    "a-",
    "ありがとう",
    "🙏",
    "\u{301}",
];

/// A whole reading of a long text made to cost as much as it can.
#[divan::bench(args = FLOODS, consts = [10_000, 20_000, 40_000], sample_count = 10)]
fn hostile<const LETTERS: usize>(bencher: Bencher<'_, '_>, piece: &str) {
    let (reader, context) = (reader(), context());
    let text: String = piece.chars().cycle().take(LETTERS).collect();
    bencher.bench(|| {
        let scan = reader.scan(black_box(&text), None);
        reader.interpret(&scan, Party::Customer, &context)
    });
}

/// What a further reader costs.
#[divan::bench]
fn start() -> Reader {
    reader()
}
