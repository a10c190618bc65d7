-- Times are microseconds since 1970-01-01T00:00:00Z, UTC. Words (state, party, ...) are mapped in
-- src/store/sqlite/words.rs and nowhere else.

CREATE TABLE customers (
    id          INTEGER PRIMARY KEY,
    channel     TEXT    NOT NULL,
    author      TEXT,               -- null: known by one thread only
    text_always TEXT,               -- the hold as JSON: the wish never to be phoned
    do_not_call INTEGER NOT NULL DEFAULT 0 CHECK (do_not_call IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX customers_by_author ON customers (channel, author) WHERE author IS NOT NULL;
CREATE INDEX customers_held ON customers (id) WHERE text_always IS NOT NULL;

CREATE TABLE threads (
    id          INTEGER PRIMARY KEY,
    channel     TEXT    NOT NULL,
    thread      TEXT    NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    state       TEXT    NOT NULL,   -- the state machine's memory, as JSON
    triage      TEXT    NOT NULL,
    case_number INTEGER NOT NULL,
    exchange    INTEGER NOT NULL,
    held        INTEGER NOT NULL CHECK (held IN (0, 1)), -- in this case; for good: customers
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    UNIQUE (channel, thread)
) STRICT;
CREATE INDEX threads_by_customer ON threads (customer_id);
CREATE INDEX threads_by_triage ON threads (triage, id);
CREATE INDEX threads_held ON threads (id) WHERE held;

CREATE TABLE cases (
    id          INTEGER PRIMARY KEY,
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    number      INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    resolved_at INTEGER,
    hold        TEXT,               -- case, always or null
    UNIQUE (thread_id, number)
) STRICT;

CREATE TABLE messages (
    id          INTEGER PRIMARY KEY, -- order of arrival
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    message     TEXT    NOT NULL,
    party       TEXT    NOT NULL,
    author      TEXT,
    text        TEXT    NOT NULL,    -- masked before it comes here
    at          INTEGER NOT NULL,
    visibility  TEXT    NOT NULL,
    language    TEXT,
    tags        TEXT,                -- a JSON list; null: none
    received_at INTEGER NOT NULL,
    UNIQUE (thread_id, message)
) STRICT;

CREATE TABLE decisions (
    message_id    INTEGER PRIMARY KEY REFERENCES messages (id),
    exchange      INTEGER NOT NULL,
    case_number   INTEGER NOT NULL,
    actions       TEXT    NOT NULL,  -- a JSON list
    soft          INTEGER NOT NULL CHECK (soft IN (0, 1)),
    rule          TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    reading       TEXT,              -- JSON; null for a bot's message
    confidence    REAL    NOT NULL,
    evidence      TEXT    NOT NULL,  -- a JSON list: the words that decided, masked
    rules_version TEXT    NOT NULL,
    decided_at    INTEGER NOT NULL
) STRICT;
CREATE TRIGGER decisions_stay_as_they_are BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- known outside, so never used twice
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    number      INTEGER NOT NULL,
    case_number INTEGER NOT NULL,
    exchange    INTEGER NOT NULL,
    rule        TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    message_at  INTEGER NOT NULL,
    desk        TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    asked       INTEGER NOT NULL CHECK (asked IN (0, 1)),
    soft        INTEGER NOT NULL CHECK (soft IN (0, 1)),
    soft_until  INTEGER,
    due_at      INTEGER NOT NULL,
    claimed_by  TEXT,
    claimed_at  INTEGER,
    outcome     TEXT,
    ended_at    INTEGER,
    UNIQUE (thread_id, number)
) STRICT;
CREATE UNIQUE INDEX callbacks_one_open ON callbacks (thread_id) WHERE state IN ('due', 'claimed');
CREATE INDEX callbacks_by_state ON callbacks (state, id);

-- `waiting` stands behind an earlier one of its thread and destination; `queued` may be sent at
-- `due_at`; `sending` is under way, its lease ends at `due_at`; `sent` and `dead` are finished.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY, -- order of sending within a thread
    key         TEXT    NOT NULL,    -- the receiver's idempotency key
    destination TEXT    NOT NULL,
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    payload     TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    finished_at INTEGER,
    reason      TEXT                 -- why it is dead
) STRICT;
CREATE INDEX outbox_unfinished ON outbox (destination, thread_id, id)
    WHERE state IN ('waiting', 'queued', 'sending');
CREATE INDEX outbox_ready ON outbox (destination, due_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (destination) WHERE reason IS NOT NULL;

CREATE TABLE timers (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    due_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX timers_by_due ON timers (due_at);

CREATE TABLE inbound_events (
    source      TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (source, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected_messages (
    id          INTEGER PRIMARY KEY,
    channel     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    bytes       INTEGER NOT NULL,
    digest      BLOB    NOT NULL,    -- SHA-256 of the text; never the text
    received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_tokens (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    hash       BLOB    NOT NULL UNIQUE, -- SHA-256 of the token; never the token
    scopes     TEXT    NOT NULL,        -- words, separated by spaces
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- Written and emptied again to find out whether there is room.
CREATE TABLE probes (
    id   INTEGER PRIMARY KEY,
    room BLOB NOT NULL
) STRICT;
