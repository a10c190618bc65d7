-- Agent accounts: one a person. An account is never deleted, only disabled: its name stays taken.
CREATE TABLE accounts (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    shown_as     TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    password     TEXT,              -- argon2id, as a PHC string; never the password
    totp_key     BLOB,              -- the second factor's key, if one is asked for
    totp_step    INTEGER,           -- the newest 30-second step whose code was used: each works once
    created_at   INTEGER NOT NULL,
    signed_in_at INTEGER,           -- the newest sign-in
    disabled_at  INTEGER
) STRICT;

-- Who is signed in. Rows go at sign-out and when they expire.
CREATE TABLE sessions (
    hash       BLOB    PRIMARY KEY, -- SHA-256 of the cookie's token; never the token
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    by_link    INTEGER NOT NULL,    -- 1: began with a sign-in link instead of a password
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL     -- at the latest
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account_id);

-- One-time links that sign in. A row goes when its link is used or expires.
CREATE TABLE sign_in_links (
    hash           BLOB    PRIMARY KEY, -- SHA-256 of the link's token; never the token
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    after_password INTEGER NOT NULL,    -- 1: the password was given, only the second factor is missing
    made_at        INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_links_by_account ON sign_in_links (account_id);

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
