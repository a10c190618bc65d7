-- Who is on shift, what one shift leaves to the next, and incidents.
ALTER TABLE accounts ADD COLUMN active_at INTEGER;      -- when it last did something, to the minute
ALTER TABLE accounts ADD COLUMN handed_over_at INTEGER; -- when it last handed over
