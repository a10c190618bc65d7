-- Chat networks: the groups that agents work in, who is who there, and what Ringback has posted, so that
-- it can be found, edited and taken back. A network's own ids are text, as it gives them.

-- Groups that have a role: a desk works in one, or the bot watches customers and staff talk in one.
CREATE TABLE chat_groups (
    network TEXT    NOT NULL,
    chat    TEXT    NOT NULL,
    desk    TEXT,                -- whose group it is; null: a group where customers write
    forum   INTEGER NOT NULL CHECK (forum IN (0, 1)), -- it has topics
    by      TEXT    NOT NULL,    -- the account that gave it its role
    at      INTEGER NOT NULL,
    lost_at INTEGER,             -- since when the bot is not in it any more
    PRIMARY KEY (network, chat)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX chat_groups_by_desk ON chat_groups (network, desk) WHERE desk IS NOT NULL;

-- Which person of a network is which account. An account may have several.
CREATE TABLE chat_people (
    network  TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    writable INTEGER NOT NULL CHECK (writable IN (0, 1)), -- the bot may write to them in private
    at       INTEGER NOT NULL,
    PRIMARY KEY (network, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_people_by_account ON chat_people (account);

-- Codes that make a group a desk's, or a person an account. A row goes when its code is used or expires.
CREATE TABLE pairing_codes (
    hash       BLOB    PRIMARY KEY, -- SHA-256 of the code; never the code
    account    TEXT    NOT NULL,
    desk       TEXT,                -- null: for the person alone
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 1: the network shows it; 0: a program has said it, which stands before that.
ALTER TABLE profiles ADD COLUMN by_network INTEGER NOT NULL DEFAULT 0 CHECK (by_network IN (0, 1));

-- Business accounts that the bot is connected to.
CREATE TABLE chat_connections (
    network    TEXT    NOT NULL,
    connection TEXT    NOT NULL,
    person     TEXT    NOT NULL,  -- whose account it is
    chat       TEXT    NOT NULL,  -- where that person can be written to
    state      TEXT    NOT NULL,  -- pending until an admin accepts it
    is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    may_reply  INTEGER NOT NULL CHECK (may_reply IN (0, 1)),
    at         INTEGER NOT NULL,
    PRIMARY KEY (network, connection)
) STRICT, WITHOUT ROWID;

-- The topic of a desk's forum that a thread is relayed in.
CREATE TABLE topics (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    network   TEXT    NOT NULL,
    chat      TEXT    NOT NULL,
    topic     TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX topics_by_topic ON topics (network, chat, topic);

-- What stands in a chat that belongs to something here: what we posted, and the messages that agents
-- answered with.
CREATE TABLE posts (
    id          INTEGER PRIMARY KEY,
    network     TEXT    NOT NULL,
    chat        TEXT    NOT NULL,
    message     TEXT    NOT NULL,   -- the network's id
    topic       TEXT,
    kind        TEXT    NOT NULL,
    token       TEXT,               -- what its buttons say; null: it has none
    thread_id   INTEGER REFERENCES threads (id),
    callback_id INTEGER REFERENCES callbacks (id),
    of_message  INTEGER REFERENCES messages (id), -- the message that it shows or is
    desk        TEXT,
    incident_id INTEGER REFERENCES incidents (id),
    notice_id   INTEGER,            -- the notice that it tells, which may be forgotten before it
    shows       TEXT,               -- a digest of what it says, so that nothing is edited in vain
    at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX posts_by_place ON posts (network, chat, message);
CREATE INDEX posts_by_token ON posts (token) WHERE token IS NOT NULL;
CREATE INDEX posts_by_thread ON posts (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX posts_by_callback ON posts (callback_id) WHERE callback_id IS NOT NULL;
CREATE INDEX posts_by_message ON posts (of_message) WHERE of_message IS NOT NULL;
CREATE INDEX posts_by_notice ON posts (notice_id) WHERE notice_id IS NOT NULL;
CREATE INDEX posts_by_desk ON posts (desk, kind) WHERE desk IS NOT NULL AND thread_id IS NULL;

-- What an agent was asked in a chat and has not answered yet.
CREATE TABLE dialogues (
    token     TEXT    PRIMARY KEY,  -- what its buttons say
    network   TEXT    NOT NULL,
    chat      TEXT    NOT NULL,
    person    TEXT,                 -- who may answer; null: whoever may do it
    message   TEXT,                 -- the question's message, once it stands
    thread_id INTEGER REFERENCES threads (id),
    step      TEXT    NOT NULL,     -- JSON: what is asked, and what was answered so far
    until     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dialogues_by_place ON dialogues (network, chat, person);
CREATE INDEX dialogues_by_thread ON dialogues (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX dialogues_by_end ON dialogues (until);

-- How far a message has come that we carry to its customer over a network.
CREATE TABLE carried (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id),
    thread_id  INTEGER NOT NULL REFERENCES threads (id),
    state      TEXT    NOT NULL,
    reason     TEXT,                -- why it did not arrive, without private text
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX carried_by_thread ON carried (thread_id);

-- Who a thread of a watched group is about, so that a mention finds it.
CREATE TABLE group_threads (
    thread_id INTEGER PRIMARY KEY REFERENCES threads (id),
    network   TEXT    NOT NULL,
    chat      TEXT    NOT NULL,
    topic     TEXT,
    person    TEXT    NOT NULL,
    handle    TEXT                  -- the name that a mention uses, in lower case
) STRICT;
CREATE INDEX group_threads_by_chat ON group_threads (network, chat, handle);

ALTER TABLE messages ADD COLUMN attachment TEXT; -- what came with it: photo, voice, ...

-- An answer that is held and was written in a chat.
ALTER TABLE held_answers ADD COLUMN attachment TEXT;
ALTER TABLE held_answers ADD COLUMN written TEXT; -- JSON: where it stands; null once it has ended
