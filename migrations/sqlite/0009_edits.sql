-- Messages that were changed after they arrived: edited by their author, or masked once a later
-- message had completed what they began.
ALTER TABLE messages ADD COLUMN edited_at INTEGER; -- when its author changed it; null: never
ALTER TABLE messages ADD COLUMN change INTEGER;    -- grows with each change in the thread; null: as it arrived
CREATE INDEX messages_changed ON messages (thread_id, change) WHERE change IS NOT NULL;

-- What is kept for good may lose words that must not be kept. The writer names the thread here,
-- takes the words out and removes the name again, all in one transaction; so outside of that one
-- there is never a row.
CREATE TABLE being_forgotten (
    thread_id INTEGER PRIMARY KEY
) STRICT;
DROP TRIGGER decisions_stay_as_they_are;
CREATE TRIGGER decisions_stay_as_they_are BEFORE UPDATE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM being_forgotten)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
DROP TRIGGER decisions_stay;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM being_forgotten)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
DROP TRIGGER corrections_stay_as_they_are;
CREATE TRIGGER corrections_stay_as_they_are BEFORE UPDATE ON corrections
WHEN NOT EXISTS (SELECT 1 FROM being_forgotten)
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
DROP TRIGGER corrections_stay;
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
WHEN NOT EXISTS (SELECT 1 FROM being_forgotten)
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
