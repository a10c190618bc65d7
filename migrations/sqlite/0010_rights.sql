-- The audit as a chain, what lets a customer be forgotten, and how long things are kept.

-- Each entry carries a hash of the one before and of itself, so that none can be changed, taken out
-- or moved without a trace. It holds ids of ours, verbs, accounts and salted digests, never text.
-- What stood in the table before is brought over in the same transaction, by store/sqlite/audit.rs.
ALTER TABLE audit RENAME TO audit_without_chain;
DROP TRIGGER audit_stays_as_it_is;
DROP TRIGGER audit_stays;
DROP INDEX audit_by_thread;
DROP INDEX audit_views;

-- AUTOINCREMENT: an entry that was taken from the end would leave a gap.
CREATE TABLE audit (
    number  INTEGER PRIMARY KEY AUTOINCREMENT, -- from 1 on, without a gap
    at      INTEGER NOT NULL,
    account TEXT    NOT NULL,
    verb    TEXT    NOT NULL,
    about   TEXT,                -- the account that was changed, if another's
    thread  BLOB,                -- audit_salts.digest
    item    BLOB,                -- of the message or callback, with the thread's salt
    hash    BLOB    NOT NULL     -- SHA-256 of the entry before and of this one
) STRICT;
CREATE INDEX audit_views ON audit (thread, account, at) WHERE verb = 'viewed';

-- What makes digests of a thread's ids. Without its salt a digest names nobody.
CREATE TABLE audit_salts (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    salt      BLOB    NOT NULL,
    digest    BLOB    NOT NULL UNIQUE
) STRICT;

-- The newest entry at a moment, told to the outside. What is older may be cut at one.
CREATE TABLE audit_checkpoints (
    entry  INTEGER PRIMARY KEY,
    hash   BLOB    NOT NULL,    -- of that entry
    at     INTEGER NOT NULL,
    cut_at INTEGER              -- since when the entries up to it are gone
) STRICT;

CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
WHEN old.number > (SELECT coalesce(max(entry), 0) FROM audit_checkpoints WHERE cut_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the audit is cut at checkpoints only'); END;
CREATE TRIGGER audit_checkpoints_stay_as_they_are
BEFORE UPDATE OF entry, hash, at ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints stay as they are'); END;
CREATE TRIGGER audit_checkpoints_stay BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;

-- The outbox may tell of what belongs to no thread, or to one that is gone.
CREATE TABLE outbox_new (
    id          INTEGER PRIMARY KEY, -- order of sending within a thread
    key         TEXT    NOT NULL,    -- the receiver's idempotency key
    destination TEXT    NOT NULL,
    thread_id   INTEGER REFERENCES threads (id), -- null: in no order with others
    payload     TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    finished_at INTEGER,
    reason      TEXT                 -- why it is dead
) STRICT;
INSERT INTO outbox_new SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_unfinished ON outbox (destination, thread_id, id)
    WHERE state IN ('waiting', 'queued', 'sending');
CREATE INDEX outbox_ready ON outbox (destination, due_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (destination) WHERE reason IS NOT NULL;
CREATE INDEX outbox_by_thread ON outbox (thread_id); -- to find what still holds a message's text

-- What ends what is kept too long looks for it here.
CREATE INDEX notices_ended ON notices (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX notices_by_thread ON notices (thread_id);
CREATE INDEX chats_by_seen ON chats (seen_at);

-- How far the search for threads to forget has come; it goes through all of them once a day.
CREATE TABLE forgetting (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    thread  INTEGER NOT NULL,    -- the newest row that was looked at; 0: at the start
    next_at INTEGER NOT NULL
) STRICT;
INSERT INTO forgetting (id, thread, next_at) VALUES (1, 0, 0);
