-- Who did what: ids and verbs, never text. `account` is a name, so that it outlives the account.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    verb        TEXT    NOT NULL,
    about       TEXT,               -- the account that was changed, if another's
    thread_id   INTEGER REFERENCES threads (id),
    message     TEXT,
    callback_id INTEGER REFERENCES callbacks (id)
) STRICT;
CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE INDEX audit_by_thread ON audit (thread_id, id) WHERE thread_id IS NOT NULL;
