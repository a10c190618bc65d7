//! Everything that is kept of a thread, table by table: one list for whoever writes it down, erases
//! it or lets it end. A test holds it against the schema, so that no new table is forgotten.

/// The rows of one table that belong to a thread.
#[derive(Debug)]
pub(super) struct Kept {
    /// The table.
    pub(super) table: &'static str,
    /// What tells its rows apart.
    pub(super) key: &'static str,
    /// Which of them: a condition with the thread's row as `?1`.
    pub(super) of_thread: &'static str,
    /// What an export calls them; `None` for what says nothing about the customer.
    pub(super) exported_as: Option<&'static str>,
    /// Its columns of JSON.
    pub(super) json: &'static [&'static str],
}

const ITS_OWN: &str = "thread_id = ?1";
const OF_A_MESSAGE: &str = "message_id IN (SELECT id FROM messages WHERE thread_id = ?1)";
const OF_A_FORM: &str = "request_id IN (SELECT id FROM form_requests WHERE thread_id = ?1)";

/// In the order in which they can go: what points at other rows first.
pub(super) const KEPT: &[Kept] = &[
    Kept {
        table: "posts",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "topics",
        key: "thread_id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "dialogues",
        key: "token",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "carried",
        key: "message_id",
        of_thread: ITS_OWN,
        exported_as: Some("carried"),
        json: &[],
    },
    Kept {
        table: "group_threads",
        key: "thread_id",
        of_thread: ITS_OWN,
        exported_as: Some("in_group"),
        json: &[],
    },
    Kept {
        table: "corrections",
        key: "id",
        of_thread: OF_A_MESSAGE,
        exported_as: Some("corrections"),
        json: &["reading", "decision"],
    },
    Kept {
        table: "examples",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("examples"),
        json: &[],
    },
    Kept {
        table: "doubts",
        key: "message_id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "decisions",
        key: "message_id",
        of_thread: OF_A_MESSAGE,
        exported_as: Some("decisions"),
        json: &["actions", "reading", "evidence"],
    },
    Kept {
        table: "submissions",
        key: "request_id",
        of_thread: OF_A_FORM,
        exported_as: Some("submissions"),
        json: &[],
    },
    Kept {
        table: "call_details",
        key: "request_id",
        of_thread: OF_A_FORM,
        exported_as: Some("call_details"),
        json: &[],
    },
    Kept {
        table: "consents",
        key: "request_id",
        of_thread: ITS_OWN,
        exported_as: Some("consents"),
        json: &[],
    },
    Kept {
        table: "numbers",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("numbers"),
        json: &[],
    },
    Kept {
        table: "profiles",
        key: "thread_id",
        of_thread: ITS_OWN,
        exported_as: Some("profile"),
        json: &[],
    },
    Kept {
        table: "form_links",
        key: "hash",
        of_thread: OF_A_FORM,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "form_sessions",
        key: "hash",
        of_thread: OF_A_FORM,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "form_requests",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("forms"),
        json: &[],
    },
    Kept {
        table: "dialled",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("dialled"),
        json: &[],
    },
    Kept {
        table: "handovers",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "said",
        key: "message_id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "satisfaction",
        key: "callback_id",
        of_thread: ITS_OWN,
        exported_as: Some("satisfaction"),
        json: &[],
    },
    Kept {
        table: "calls",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("calls"),
        json: &[],
    },
    Kept {
        table: "callbacks",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("callbacks"),
        json: &[],
    },
    Kept {
        table: "notes",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("notes"),
        json: &[],
    },
    Kept {
        table: "held_answers",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("held_answers"),
        json: &["written"],
    },
    Kept {
        table: "notices",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("notices"),
        json: &["notice"],
    },
    Kept {
        table: "outbox",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("told"),
        json: &["payload"],
    },
    Kept {
        table: "messages",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("messages"),
        json: &["tags"],
    },
    Kept {
        table: "cases",
        key: "id",
        of_thread: ITS_OWN,
        exported_as: Some("cases"),
        json: &[],
    },
    Kept {
        table: "timers",
        key: "thread_id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "chats",
        key: "id",
        of_thread: "(channel, thread) = (SELECT channel, thread FROM threads WHERE id = ?1)",
        exported_as: Some("chats"),
        json: &[],
    },
    // Of edits: `channel/row/id`. A later thread may get the row, and its edits must be taken.
    Kept {
        table: "inbound_events",
        key: "source, event",
        of_thread: "source = 'edits'
             AND event >= (SELECT channel || '/' || id || '/' FROM threads WHERE id = ?1)
             AND event < (SELECT channel || '/' || id || '0' FROM threads WHERE id = ?1)",
        exported_as: None,
        json: &[],
    },
];

/// What goes last, in one piece: what says which thread the audit means, and the thread.
pub(super) const LAST: &[Kept] = &[
    Kept {
        table: "audit_salts",
        key: "thread_id",
        of_thread: ITS_OWN,
        exported_as: None,
        json: &[],
    },
    Kept {
        table: "threads",
        key: "id",
        of_thread: "id = ?1",
        exported_as: None,
        json: &["state"],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::{KEPT, LAST};
    use crate::store::sqlite::MIGRATIONS;

    /// What belongs to no thread: the customer, who goes with the last thread; people of ours and
    /// their doors; the audit, which names nobody; the words that customers agree to; who must not be
    /// rung, which has to outlive them; what other parts need to work.
    const OTHERS: &[&str] = &[
        "accounts",
        "api_tokens",
        "audit",
        "audit_checkpoints",
        "audit_without_chain",
        "being_forgotten",
        "chat_connections",
        "chat_groups",
        "chat_people",
        "consent_words",
        "customers",
        "desk_queues",
        "digests",
        "do_not_call",
        "forgetting",
        "incident_texts",
        "incidents",
        "links",
        "pairing_codes",
        "probes",
        "rejected_messages",
        "sessions",
        "sign_in_links",
        "sqlite_sequence",
    ];

    #[test]
    fn every_table_belongs_to_a_thread_or_is_known_not_to() {
        let db = Connection::open_in_memory().expect("memory");
        for step in MIGRATIONS {
            db.execute_batch(step).expect("a step");
        }
        let mut tables = db
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .expect("a query");
        let tables: BTreeSet<String> = tables
            .query_map([], |row| row.get(0))
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("names");
        let kept = KEPT.iter().chain(LAST).map(|kept| kept.table);
        let known: BTreeSet<String> = kept
            .chain(OTHERS.iter().copied())
            .map(str::to_owned)
            .collect();
        assert_eq!(
            tables, known,
            "say in store/sqlite/kept.rs how a new table belongs to a thread"
        );
    }
}
