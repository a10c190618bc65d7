-- What Ringback says of a callback, and what customers say of a call: one tap.

-- Which of Ringback's own lines says what, so that nothing is said twice.
CREATE TABLE said (
    message_id  INTEGER PRIMARY KEY REFERENCES messages (id),
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    case_number INTEGER NOT NULL,
    utterance   TEXT    NOT NULL
) STRICT;
CREATE INDEX said_by_case ON said (thread_id, case_number, message_id);

-- Where its video call takes place, for the claimer; null once they have it no more.
ALTER TABLE callbacks ADD COLUMN video TEXT;

-- Whether a call helped, in the customer's view.
CREATE TABLE satisfaction (
    callback_id INTEGER PRIMARY KEY REFERENCES callbacks (id),
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    done_at     INTEGER NOT NULL,                   -- when the call was over
    asked_at    INTEGER,                            -- null: not asked yet
    message_id  INTEGER REFERENCES messages (id),   -- the line that asks; null: another program does
    helped      INTEGER CHECK (helped IN (0, 1)),   -- null: not said
    answered_at INTEGER                             -- first; it can be changed for a while
) STRICT;
CREATE INDEX satisfaction_by_thread ON satisfaction (thread_id);
CREATE INDEX satisfaction_to_ask ON satisfaction (done_at) WHERE asked_at IS NULL;
CREATE UNIQUE INDEX satisfaction_by_message ON satisfaction (message_id) WHERE message_id IS NOT NULL;
