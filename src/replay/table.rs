//! Every message with its decision, thread by thread, for a person who reads a few of them. Text
//! is masked before it is kept.

use std::collections::BTreeMap;

use comfy_table::{
    ColumnConstraint, ContentArrangement, LineStyle, Table, Width, presets::UTF8_HORIZONTAL_ONLY,
};

use crate::{
    domain::{
        cut, decision::RuleName, ids::ThreadKey, message::Party, private::Private,
        reading::Evidence, record::DecisionRecord,
    },
    reading::mask,
    rules::Rules,
};

use super::replayer::Replayed;

/// How much of a text is shown, in characters.
const TEXT_SHOWN: usize = 100;

/// Collects the rows.
#[derive(Debug, Default)]
pub struct Messages {
    threads: BTreeMap<usize, Thread>,
    rows: usize,
}

#[derive(Debug)]
struct Thread {
    key: ThreadKey,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    turn: String,
    who: &'static str,
    text: Private<String>,
    decision: String,
    why: String,
}

impl Messages {
    /// Adds a message.
    pub fn add(&mut self, rules: &Rules, replayed: &Replayed) {
        let message = &replayed.message;
        let record = &replayed.record;
        let exchanges = rules.policy(&record.channel).exchanges;
        let confidential = rules.vocabulary.to_mask(&replayed.sensitive);
        let text = mask(message.text.reveal(), &confidential);
        let row = Row {
            turn: turn(message.from, record, exchanges),
            who: who(message.from),
            text: Private::new(shortened(&text)),
            decision: decision(record),
            why: why(replayed, rules),
        };
        self.rows += 1;
        let thread = self
            .threads
            .entry(replayed.thread)
            .or_insert_with(|| Thread {
                key: message.thread.clone(),
                rows: Vec::new(),
            });
        thread.rows.push(row);
    }

    /// How many messages there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// One table a thread, `width` columns wide.
    #[must_use]
    pub fn render(&self, width: u16) -> String {
        let tables: Vec<String> = self
            .threads
            .values()
            .map(|thread| thread.render(width))
            .collect();
        tables.join("\n")
    }
}

impl Thread {
    fn render(&self, width: u16) -> String {
        let mut table = Table::new();
        table
            .load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
            .force_no_tty()
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width)
            .set_header(["Turn", "Who", "Message", "Decision", "Why"]);
        for row in &self.rows {
            table.add_row([
                row.turn.as_str(),
                row.who,
                row.text.reveal(),
                row.decision.as_str(),
                row.why.as_str(),
            ]);
        }
        // The two short columns never wrap.
        for (column, width) in [(0, 8), (1, 10)] {
            if let Some(column) = table.column_mut(column) {
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(width)));
            }
        }
        format!(
            "{} {}\n{}\n",
            self.key.channel,
            self.key.thread,
            table.trim_fmt()
        )
    }
}

/// `2 of 3` while the count goes on, the bare number elsewhere; from the second case on with it.
#[must_use]
pub fn turn(from: Party, record: &DecisionRecord, exchanges: u32) -> String {
    let turn = match from {
        Party::Customer if (1..=exchanges).contains(&record.exchange) => {
            format!("{} of {exchanges}", record.exchange)
        }
        Party::Customer | Party::Agent => record.exchange.to_string(),
        Party::Bot => return "–".to_owned(),
    };
    if record.case > 1 {
        format!("{turn}, case {}", record.case)
    } else {
        turn
    }
}

/// The word for a party.
#[must_use]
pub fn who(from: Party) -> &'static str {
    match from {
        Party::Customer => "customer",
        Party::Agent => "agent",
        Party::Bot => "bot",
    }
}

/// The actions in words: `mask, callback (soft)`, or nothing.
#[must_use]
pub fn decision(record: &DecisionRecord) -> String {
    let names: Vec<&str> = record
        .actions
        .iter()
        .map(|action| action.as_str())
        .collect();
    let soft = if record.soft { " (soft)" } else { "" };
    names.join(", ") + soft
}

/// What decided: the reason, and the words of the message that told it.
fn why(replayed: &Replayed, rules: &Rules) -> String {
    let record = &replayed.record;
    if record.rule == RuleName::None {
        return String::new();
    }
    let closes = record
        .reading
        .as_ref()
        .is_some_and(|reading| reading.closing.is_some());
    let evidence = replayed.masked_evidence(rules);
    let words = Evidence::words_of(&evidence, record.rule.told_by(closes));
    if words.reveal().is_empty() {
        record.reason.clone()
    } else {
        format!("{}: “{}”", record.reason, shortened(words.reveal()))
    }
}

/// The start of a text, on one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut::shortened(&line, TEXT_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Private, why};
    use crate::{
        domain::{
            ids::{ChannelName, MessageId, ThreadId, ThreadKey},
            message::{Message, Party, Visibility},
            reading::Head,
        },
        reading::Reader,
        replay::replayer::{Incoming, Replayed, Replayer, default_start},
        rules::Rules,
    };

    fn replayed(rules: &Rules, text: &str) -> Replayed {
        let message = Message {
            thread: ThreadKey {
                channel: ChannelName::parse("x").expect("a name"),
                thread: ThreadId::parse("t1").expect("an id"),
            },
            id: MessageId::parse("m1").expect("an id"),
            from: Party::Customer,
            author: None,
            text: Private::new(text.to_owned()),
            at: default_start(),
            visibility: Visibility::Private,
            language: None,
            tags: Vec::new(),
            attachment: None,
        };
        let reader = Reader::new(&rules.vocabulary).expect("a reader");
        let scan = reader.scan(text, None);
        let incoming = Incoming {
            message,
            at_is_given: true,
        };
        Replayer::new(rules, &reader).replay(incoming, &scan)
    }

    #[test]
    fn the_words_that_decided_stand_behind_the_reason_masked() {
        let rules = Rules::built_in();
        let text = "Please call me, my password: hunter2hunter2";
        let mut replayed = replayed(&rules, text);
        let decided = replayed.evidence.iter().map(|said| said.head);
        assert!(decided.into_iter().any(|head| head == Head::WantsCall));
        // Whatever decided, and however much of the message that takes in.
        replayed.evidence = vec![Evidence {
            head: Head::WantsCall,
            words: Private::new(text.to_owned()),
        }];
        let why = why(&replayed, &rules);
        assert!(
            why.contains(": “Please call me, my password: ⟦password⟧”"),
            "{why}"
        );
    }
}
