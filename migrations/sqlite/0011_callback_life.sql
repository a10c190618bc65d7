-- The rest of a callback's life: silence, calls that nobody answered, and what was said of each call.
ALTER TABLE callbacks ADD COLUMN topic TEXT;           -- of the message that opened it
ALTER TABLE callbacks ADD COLUMN owner TEXT;           -- the account that sees it first
ALTER TABLE callbacks ADD COLUMN since INTEGER;        -- since when silence counts
ALTER TABLE callbacks ADD COLUMN reminded TEXT NOT NULL DEFAULT 'nobody';
ALTER TABLE callbacks ADD COLUMN told_late INTEGER NOT NULL DEFAULT 0 CHECK (told_late IN (0, 1));
ALTER TABLE callbacks ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callbacks ADD COLUMN incident_id INTEGER;  -- holds it back; null: none
ALTER TABLE callbacks ADD COLUMN wake_at INTEGER;
ALTER TABLE callbacks ADD COLUMN opened_at INTEGER;
ALTER TABLE callbacks ADD COLUMN words TEXT;           -- the two that the claimer says first; null once it ended
UPDATE callbacks SET since = coalesce(claimed_at, due_at), wake_at = coalesce(scheduled_at, soft_until, due_at),
    opened_at = due_at;
DROP INDEX callbacks_one_open;
CREATE UNIQUE INDEX callbacks_one_open ON callbacks (thread_id)
    WHERE state IN ('due', 'claimed', 'no_answer', 'scheduled');
-- Callbacks by the count, for incidents.
CREATE INDEX callbacks_by_topic ON callbacks (desk, topic, opened_at)
    WHERE rule = 'rule_of_three' AND topic IS NOT NULL;
CREATE INDEX callbacks_of_incident ON callbacks (incident_id) WHERE incident_id IS NOT NULL;
-- What was open wants a tick now: it has no time of its own yet.
INSERT INTO timers (thread_id, due_at)
    SELECT thread_id, 0 FROM callbacks WHERE state IN ('due', 'claimed', 'scheduled')
    ON CONFLICT (thread_id) DO UPDATE SET due_at = 0;

-- The call log: what came of each call.
CREATE TABLE calls (
    id          INTEGER PRIMARY KEY,
    callback_id INTEGER NOT NULL REFERENCES callbacks (id),
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    case_number INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    outcome     TEXT    NOT NULL,
    note        TEXT,               -- for us, masked
    told        TEXT,               -- the line for the customer, masked; null: none
    told_state  TEXT,               -- what became of that line
    next_at     INTEGER             -- when the customer is rung next, where that followed from it
) STRICT;
CREATE INDEX calls_by_thread ON calls (thread_id, id);
CREATE INDEX calls_by_callback ON calls (callback_id);
