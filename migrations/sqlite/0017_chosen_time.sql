-- When a customer chose to be rung, and in which zone they say that they are.
ALTER TABLE call_details ADD COLUMN ring_at INTEGER;
ALTER TABLE call_details ADD COLUMN zone TEXT;  -- IANA name; null: not asked
