-- Agents' answers that ask for what has no place in a chat, or contain it, held back until their
-- agent decides. Until then one is no message: no exchange counts it and it has no time of its own.
CREATE TABLE held_answers (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- known outside, so never used twice
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    account   TEXT    NOT NULL,
    key       TEXT    NOT NULL,     -- of the box it was typed into: the id of its message, once sent
    text      TEXT,                 -- masked before it comes here; null once it has ended
    asks      INTEGER NOT NULL CHECK (asks IN (0, 1)), -- for identity data; else it contains some
    held_at   INTEGER NOT NULL,
    until     INTEGER NOT NULL,     -- then it goes back to its agent
    state     TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX held_answers_standing ON held_answers (thread_id, account, key)
    WHERE state IN ('held', 'returned');
CREATE INDEX held_answers_due ON held_answers (until) WHERE state = 'held';

-- A notice may be for one account first and alone. Null: for everybody who works the desk.
ALTER TABLE notices ADD COLUMN account TEXT;
ALTER TABLE notices ADD COLUMN alone_until INTEGER; -- supervisors see it from then on; null: never
