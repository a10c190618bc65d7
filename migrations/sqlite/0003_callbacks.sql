-- The rest of a callback's life: promised times, why agents go on in text, and who ended it.
ALTER TABLE callbacks ADD COLUMN scheduled_at INTEGER; -- the promised time, while it is scheduled
ALTER TABLE callbacks ADD COLUMN ended_by TEXT;        -- who ended it; null: nobody needed to
ALTER TABLE callbacks ADD COLUMN why TEXT;             -- why an agent went on in text
UPDATE callbacks SET ended_by = claimed_by WHERE state = 'done';
DROP INDEX callbacks_one_open;
CREATE UNIQUE INDEX callbacks_one_open ON callbacks (thread_id)
    WHERE state IN ('due', 'claimed', 'scheduled');

ALTER TABLE customers ADD COLUMN muted_until INTEGER;  -- is no customer, until then
