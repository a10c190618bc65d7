//! The receipt of an erasure: when, how much went, and what others still have. It names nobody, so
//! that it can be kept.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    domain::time::Timestamp,
    settings::{Settings, WebhookEvent},
    store::rows::rights::{Delivered, Erased, Gone},
};

/// What was erased, or would be.
#[derive(Debug, Serialize)]
pub(super) struct Receipt {
    /// When.
    at: Timestamp,
    /// Nothing was erased: it only says what would be.
    dry_run: bool,
    /// How many threads.
    pub(super) threads: u64,
    /// How many rows of what.
    deleted: Gone,
    /// What webhooks were told of it.
    webhooks: BTreeMap<String, Told>,
    /// Messages of theirs that stand in threads of other customers, and stay.
    pub(super) messages_elsewhere: u64,
    /// Nothing of it stands in the write-ahead log any more.
    pub(super) log_was_moved: bool,
    /// The audit's entry that says so.
    #[serde(serialize_with = "entry")]
    pub(super) audit: Option<Erased>,
    /// What else somebody may have.
    notes: Vec<&'static str>,
}

/// What one webhook was told.
#[derive(Debug, Default, Serialize)]
struct Told {
    /// Events that arrived, of those still known.
    arrived: u64,
    /// Those with the text of a message.
    with_text: u64,
    /// Events on their way at that moment.
    under_way: u64,
    /// Events that waited, and are not sent.
    dropped: u64,
    /// It is told that the thread was erased.
    is_told: bool,
    /// It is sent texts, as the settings are now.
    gets_text: bool,
}

/// What no program can look up.
const NOTES: &[&str] = &[
    "The networks behind your channels keep their own copies of what was written there: delete it \
     there too.",
    "Programs that fetched it over the API, exports and transcripts have what they fetched.",
    "Backups of the database from before hold it until you delete them.",
    "Deliveries are counted only as long as they are kept (`sent` and `dead` under [retention]).",
    "Their wishes went with it, never to be phoned among them: if they write again, Ringback does \
     not know them.",
];

impl Receipt {
    /// An empty one.
    pub(super) fn new(settings: &Settings, at: Timestamp, dry_run: bool) -> Self {
        let hooks = settings.webhooks.iter().map(|hook| {
            let told = Told {
                is_told: hook.events.contains(&WebhookEvent::Erased),
                gets_text: hook.include_text,
                ..Told::default()
            };
            (hook.name.clone(), told)
        });
        Self {
            at,
            dry_run,
            threads: 0,
            deleted: Gone::new(),
            webhooks: hooks.collect(),
            messages_elsewhere: 0,
            log_was_moved: false,
            audit: None,
            notes: NOTES.to_vec(),
        }
    }

    /// Counts rows.
    pub(super) fn add(&mut self, gone: &Gone) {
        for (table, rows) in gone {
            *self.deleted.entry(table).or_default() += rows;
        }
    }

    /// Counts what webhooks were told.
    pub(super) fn note(&mut self, delivered: &[Delivered]) {
        for delivered in delivered {
            let told = self
                .webhooks
                .entry(delivered.destination.clone())
                .or_default();
            told.arrived += delivered.events;
            told.with_text += delivered.with_text;
            told.under_way += delivered.under_way;
            told.dropped += delivered.unsent;
        }
    }
}

fn entry<S: serde::Serializer>(entry: &Option<Erased>, serializer: S) -> Result<S::Ok, S::Error> {
    let entry = entry.map(|entry| {
        BTreeMap::from([
            ("entry", entry.entry.to_string()),
            ("hash", entry.hash.to_string()),
        ])
    });
    entry.serialize(serializer)
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did = if self.dry_run {
            "Would erase"
        } else {
            "Erased"
        };
        let threads = match self.threads {
            1 => "1 thread".to_owned(),
            threads => format!("{threads} threads"),
        };
        writeln!(f, "{did}: {threads}, at {}", self.at)?;
        for (table, rows) in &self.deleted {
            writeln!(f, "  {rows:>6} {}", table.replace('_', " "))?;
        }
        if let Some(audit) = &self.audit {
            writeln!(
                f,
                "In the audit: entry {}, hash {}",
                audit.entry, audit.hash
            )?;
        }
        if !self.dry_run && !self.log_was_moved {
            writeln!(
                f,
                "The bot was reading: old pages stay in the write-ahead log until it moves them."
            )?;
        }
        if self.messages_elsewhere > 0 {
            writeln!(
                f,
                "{} messages of theirs stand in threads of other customers, and stay.",
                self.messages_elsewhere
            )?;
        }
        writeln!(f, "What others have:")?;
        for (name, told) in &self.webhooks {
            write!(f, "- webhook {name}: {told}")?;
        }
        self.notes
            .iter()
            .try_for_each(|note| writeln!(f, "- {note}"))
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events arrived, {} of them with a message's text",
            self.arrived, self.with_text
        )?;
        if self.under_way > 0 {
            write!(f, "; {} are on their way", self.under_way)?;
        }
        if self.dropped > 0 {
            write!(f, "; {} are not sent any more", self.dropped)?;
        }
        writeln!(
            f,
            "; it {} told to forget it",
            if self.is_told { "is" } else { "is not" }
        )
    }
}
