-- Who is on shift, what one shift leaves to the next, and incidents.
ALTER TABLE accounts ADD COLUMN active_at INTEGER;      -- when it last did something, to the minute
ALTER TABLE accounts ADD COLUMN handed_over_at INTEGER; -- when it last handed over

-- What an account left to the next shift, a line for each callback. AUTOINCREMENT: the number is
-- known outside.
CREATE TABLE handovers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    callback_id INTEGER NOT NULL REFERENCES callbacks (id),
    note_id     INTEGER REFERENCES notes (id), -- what it left word of; null: nothing
    desk        TEXT    NOT NULL,
    account     TEXT    NOT NULL,              -- whose the callback was
    at          INTEGER NOT NULL,
    seen_at     INTEGER,
    seen_by     TEXT
) STRICT;
CREATE INDEX handovers_unseen ON handovers (desk, id) WHERE seen_at IS NULL;
CREATE INDEX handovers_by_thread ON handovers (thread_id);
CREATE INDEX handovers_by_callback ON handovers (callback_id);

-- What a desk is told when it opens: one row for each opening, also where there was nothing to tell.
CREATE TABLE digests (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    desk      TEXT    NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL, -- since when it had been closed
    made_at   INTEGER NOT NULL, -- later than opened_at after a downtime
    counts    TEXT    NOT NULL, -- JSON
    seen_at   INTEGER,
    seen_by   TEXT,             -- null although seen: there was nothing to tell
    UNIQUE (desk, opened_at)
) STRICT;
CREATE INDEX digests_by_desk ON digests (desk, made_at);

-- Whether one queue card takes the place of a desk's cards, and what it was last told to show.
CREATE TABLE desk_queues (
    desk      TEXT    PRIMARY KEY,
    is_pinned INTEGER NOT NULL CHECK (is_pinned IN (0, 1)),
    told_due  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_in_queue ON callbacks (desk) WHERE state = 'due' AND incident_id IS NULL;

-- Many callbacks by the count, of one topic on one desk.
CREATE TABLE incidents (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    desk         TEXT    NOT NULL,
    topic        TEXT    NOT NULL,
    opened_at    INTEGER NOT NULL,
    counts_from  INTEGER NOT NULL, -- callbacks that opened since then are its
    held_at      INTEGER,          -- since when further ones are held back; null: they are not
    held_by      TEXT,
    holds_older  INTEGER NOT NULL DEFAULT 0 CHECK (holds_older IN (0, 1)), -- still to be gone through
    reminded_at  INTEGER NOT NULL,
    told_long_at INTEGER,          -- when it was last told that somebody has been held for a day
    told_came    INTEGER NOT NULL DEFAULT 0, -- the tally as it was last told
    told_held    INTEGER NOT NULL DEFAULT 0,
    ended_at     INTEGER,
    ended_by     TEXT
) STRICT;
CREATE UNIQUE INDEX incidents_one_open ON incidents (desk, topic) WHERE ended_at IS NULL;
CREATE INDEX incidents_ended ON incidents (desk, topic, ended_at) WHERE ended_at IS NOT NULL;

-- How the disturbance stands, in a supervisor's words, for the customers whom it concerns.
CREATE TABLE incident_texts (
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    language    TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    PRIMARY KEY (incident_id, language)
) STRICT, WITHOUT ROWID;
