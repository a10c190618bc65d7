-- Labelled examples besides corrections: what people showed of a reading by what they did.

-- Not append-only: a customer may take back within the hour that a call did not help.
CREATE TABLE examples (
    id         INTEGER PRIMARY KEY,
    thread_id  INTEGER NOT NULL REFERENCES threads (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    source     TEXT    NOT NULL,
    account    TEXT,             -- null: the customer
    at         INTEGER NOT NULL, -- when it was shown
    UNIQUE (message_id, source)
) STRICT;
CREATE INDEX examples_by_thread ON examples (thread_id);

-- Messages of which a desk is asked, as it opens, whether they were thanks. It has been answered once
-- the message has a correction or an example.
CREATE TABLE doubts (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    thread_id  INTEGER NOT NULL REFERENCES threads (id),
    desk       TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX doubts_by_desk ON doubts (desk, at);
CREATE INDEX doubts_by_thread ON doubts (thread_id);

-- What was decided as thanks, to find the least sure of one night among it.
CREATE INDEX decisions_thanks ON decisions (decided_at, confidence) WHERE rule = 'thanks';
