-- On which number a customer may be rung, where they are, on what ground, and who must not be rung.

-- The number to ring, in E.164, and where the customer may be (JSON); chosen from `numbers` and
-- `profiles` whenever those change.
ALTER TABLE customers ADD COLUMN number TEXT;
ALTER TABLE customers ADD COLUMN whereabouts TEXT;
CREATE INDEX customers_by_number ON customers (number) WHERE number IS NOT NULL;

-- Every number that is known of a thread's customer, and where it came from.
CREATE TABLE numbers (
    id         INTEGER PRIMARY KEY,
    thread_id  INTEGER NOT NULL REFERENCES threads (id), -- its customer's
    number     TEXT    NOT NULL,   -- E.164
    source     TEXT    NOT NULL,
    message_id INTEGER REFERENCES messages (id),
    request_id INTEGER REFERENCES form_requests (id),
    account    TEXT,               -- who typed it
    zone       TEXT,               -- where the customer said they are when they gave it
    at         INTEGER NOT NULL,   -- when it was given last
    wrong_at   INTEGER,            -- since when it is known not to be theirs
    UNIQUE (thread_id, number, source)
) STRICT;
CREATE INDEX numbers_by_number ON numbers (number);
CREATE INDEX numbers_by_message ON numbers (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX numbers_by_request ON numbers (request_id) WHERE request_id IS NOT NULL;

-- What the channel, or the program behind it, knows of a thread's customer.
CREATE TABLE profiles (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    name      TEXT,
    company   TEXT,
    email     TEXT,
    zone      TEXT,
    link      TEXT,                -- https
    at        INTEGER NOT NULL
) STRICT;

-- The words that customers agreed to, each version once, so that a consent can be proved. The
-- version is a hash of them.
CREATE TABLE consent_words (
    version  TEXT PRIMARY KEY,
    language TEXT    NOT NULL,
    words    TEXT    NOT NULL,
    at       INTEGER NOT NULL      -- when they were first agreed to
) STRICT, WITHOUT ROWID;

-- Which customer agreed to be rung, on which number.
CREATE TABLE consents (
    request_id   INTEGER PRIMARY KEY REFERENCES form_requests (id), -- the form they did it in
    thread_id    INTEGER NOT NULL REFERENCES threads (id),
    version      TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    number       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX consents_by_thread ON consents (thread_id);

-- Who must not be rung: a number, an author of a channel, or a thread's customer who has neither.
-- `customers.do_not_call` follows from it. An entry outlives the customer: it must be honoured when
-- they come back.
CREATE TABLE do_not_call (
    id         INTEGER PRIMARY KEY,
    number     TEXT,
    channel    TEXT,
    author     TEXT,
    thread     TEXT,
    reason     TEXT    NOT NULL,
    added_at   INTEGER NOT NULL,
    added_by   TEXT,               -- the account; null: on the command line
    removed    INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)), -- goes once that is in force
    in_force   INTEGER NOT NULL DEFAULT 0 CHECK (in_force IN (0, 1)),
    CHECK ((number IS NOT NULL) + (author IS NOT NULL) + (thread IS NOT NULL) = 1),
    CHECK ((channel IS NULL) = (number IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX do_not_call_numbers ON do_not_call (number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX do_not_call_authors ON do_not_call (channel, author) WHERE author IS NOT NULL;
CREATE UNIQUE INDEX do_not_call_threads ON do_not_call (channel, thread) WHERE thread IS NOT NULL;
CREATE INDEX do_not_call_changed ON do_not_call (id) WHERE NOT in_force;

-- What was filled in in details forms before.
INSERT INTO numbers (thread_id, number, source, request_id, at)
    SELECT r.thread_id, d.number, 'form', max(d.request_id), max(d.at)
    FROM call_details d JOIN form_requests r ON r.id = d.request_id
    WHERE d.number IS NOT NULL GROUP BY r.thread_id, d.number;
INSERT INTO consents (request_id, thread_id, version, language, number, at)
    SELECT d.request_id, r.thread_id, d.consent_version, r.language, d.number, d.at
    FROM call_details d JOIN form_requests r ON r.id = d.request_id
    WHERE d.number IS NOT NULL AND d.consent_version IS NOT NULL;
UPDATE customers SET number = (
    SELECT n.number FROM numbers n JOIN threads t ON t.id = n.thread_id
    WHERE t.customer_id = customers.id ORDER BY n.at DESC, n.id DESC LIMIT 1)
    WHERE id IN (SELECT t.customer_id FROM numbers n JOIN threads t ON t.id = n.thread_id);
INSERT INTO do_not_call (channel, author, reason, added_at, in_force)
    SELECT channel, author, 'listed-before', 0, 1 FROM customers
    WHERE do_not_call = 1 AND author IS NOT NULL;
