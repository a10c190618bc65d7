-- What the desk's pages read. None of their queries may cost more because there is more history.

-- Since when the customer has waited for our answer; null while they do not.
ALTER TABLE threads ADD COLUMN waiting_since INTEGER;
UPDATE threads SET waiting_since = changed_at WHERE triage = 'waiting_on_us';
CREATE INDEX threads_waiting ON threads (channel, waiting_since, id)
    WHERE triage = 'waiting_on_us';

CREATE INDEX threads_by_change ON threads (channel, triage, changed_at, id);

-- The customer's wish never to be phoned, beside the case's own, so that one index lists both.
ALTER TABLE threads ADD COLUMN held_always INTEGER NOT NULL DEFAULT 0
    CHECK (held_always IN (0, 1));
UPDATE threads SET held_always = 1
    WHERE customer_id IN (SELECT id FROM customers WHERE text_always IS NOT NULL);
CREATE TRIGGER threads_held_with_their_customer AFTER UPDATE OF text_always ON customers
WHEN (old.text_always IS NULL) <> (new.text_always IS NULL)
BEGIN UPDATE threads SET held_always = new.text_always IS NOT NULL WHERE customer_id = new.id; END;
CREATE TRIGGER threads_held_from_the_start AFTER INSERT ON threads
WHEN (SELECT text_always FROM customers WHERE id = new.customer_id) IS NOT NULL
BEGIN UPDATE threads SET held_always = 1 WHERE id = new.id; END;
CREATE TRIGGER threads_held_with_a_new_customer AFTER UPDATE OF customer_id ON threads
BEGIN
    UPDATE threads SET held_always =
        (SELECT text_always IS NOT NULL FROM customers WHERE id = new.customer_id)
    WHERE id = new.id;
END;
CREATE INDEX threads_held_by_change ON threads (channel, changed_at, id)
    WHERE held OR held_always;

-- A thread's messages in order of arrival, from either end: an index ends with the row's id.
CREATE INDEX messages_by_thread ON messages (thread_id);

CREATE INDEX callbacks_by_claimer ON callbacks (claimed_by, state) WHERE claimed_by IS NOT NULL;

-- What agents say among themselves. Never a message of the thread.
CREATE TABLE notes (
    id        INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    key       TEXT,                 -- of the form it came from; null: of a finished callback
    account   TEXT    NOT NULL,
    text      TEXT    NOT NULL,     -- masked before it comes here
    at        INTEGER NOT NULL,
    UNIQUE (thread_id, key)
) STRICT;

-- What desks were told. AUTOINCREMENT: the number is known outside, so it is never used twice.
CREATE TABLE notices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    case_number INTEGER NOT NULL,
    desk        TEXT    NOT NULL,
    notice      TEXT    NOT NULL,   -- JSON
    at          INTEGER NOT NULL,
    ended_at    INTEGER,
    seen_by     TEXT                -- who saw to it; null: nobody yet, or it ended by itself
) STRICT;
CREATE INDEX notices_open ON notices (id) WHERE ended_at IS NULL;
CREATE INDEX notices_open_by_thread ON notices (thread_id) WHERE ended_at IS NULL;

-- What agents said a reading got wrong: labelled examples.
CREATE TABLE corrections (
    id            INTEGER PRIMARY KEY,
    message_id    INTEGER NOT NULL REFERENCES messages (id),
    correction    TEXT    NOT NULL,
    account       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    reading       TEXT    NOT NULL, -- the reading that was wrong, as JSON
    decision      TEXT    NOT NULL, -- what was decided then, as JSON
    rules_version TEXT    NOT NULL
) STRICT;
CREATE INDEX corrections_by_message ON corrections (message_id);
CREATE TRIGGER corrections_stay_as_they_are BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

CREATE INDEX audit_views ON audit (thread_id, account, at) WHERE verb = 'viewed';
