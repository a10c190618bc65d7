-- Forms that customers were asked to fill in: identity checks and details for a call.
CREATE TABLE form_requests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- known outside, so never used twice
    thread_id    INTEGER NOT NULL REFERENCES threads (id),
    customer_id  INTEGER NOT NULL REFERENCES customers (id), -- whose form it is; nobody else's
    case_number  INTEGER NOT NULL,
    desk         TEXT    NOT NULL,
    purpose      TEXT    NOT NULL,
    form         TEXT,              -- the name of the identity form in the rules file
    language     TEXT    NOT NULL,
    message_id   INTEGER REFERENCES messages (id), -- our line that offers it; null: not by Ringback
    asked_by     TEXT,              -- null: by the rules
    state        TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL,
    until        INTEGER NOT NULL,  -- can be filled in until then
    opened_at    INTEGER,
    submitted_at INTEGER,
    checked_at   INTEGER,
    checked_by   TEXT
) STRICT;
CREATE INDEX form_requests_by_thread ON form_requests (thread_id, id);
CREATE INDEX form_requests_by_customer ON form_requests (customer_id);
CREATE INDEX form_requests_open ON form_requests (until) WHERE state IN ('sent', 'opened');
CREATE INDEX form_requests_to_check ON form_requests (id)
    WHERE state = 'submitted' AND purpose = 'identity';
CREATE UNIQUE INDEX form_requests_by_message ON form_requests (message_id)
    WHERE message_id IS NOT NULL;

-- One-time links to them. A row goes when its link is used, replaced or expires.
CREATE TABLE form_links (
    hash       BLOB    PRIMARY KEY, -- SHA-256 of the link's token; never the token
    request_id INTEGER NOT NULL REFERENCES form_requests (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX form_links_by_request ON form_links (request_id);
CREATE INDEX form_links_by_expiry ON form_links (expires_at);

-- The browser that opened a link. Once it has filled the form in it may only be told so, again.
CREATE TABLE form_sessions (
    hash       BLOB    PRIMARY KEY, -- SHA-256 of the cookie's token; never the token
    request_id INTEGER NOT NULL REFERENCES form_requests (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX form_sessions_by_request ON form_sessions (request_id);
CREATE INDEX form_sessions_by_expiry ON form_sessions (expires_at);

-- What a customer wants us to know before we ring. Not sealed: prompts need it.
CREATE TABLE call_details (
    request_id      INTEGER PRIMARY KEY REFERENCES form_requests (id),
    number          TEXT,           -- E.164
    best_time       TEXT,           -- the customer's words, masked
    consent_version TEXT,           -- of the words that were agreed to; null: no consent
    stays_in_text   INTEGER NOT NULL CHECK (stays_in_text IN (0, 1)),
    at              INTEGER NOT NULL
) STRICT;
