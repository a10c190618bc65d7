-- What customers submitted in an identity form: ciphertext only. A row goes once it was checked, or
-- at `delete_at`.
CREATE TABLE submissions (
    request_id INTEGER PRIMARY KEY REFERENCES form_requests (id),
    sealed     BLOB    NOT NULL,    -- age
    received_at INTEGER NOT NULL,
    delete_at  INTEGER NOT NULL,
    opened     INTEGER NOT NULL DEFAULT 0 -- how often
) STRICT;
CREATE INDEX submissions_by_end ON submissions (delete_at);

ALTER TABLE accounts ADD COLUMN checks_identity INTEGER NOT NULL DEFAULT 0
    CHECK (checks_identity IN (0, 1)); -- may open what customers submit
ALTER TABLE accounts ADD COLUMN recipient TEXT; -- the age public key of this person, if they have one
