-- Which thread a web chat's token opens. The thread itself begins with its first message.
CREATE TABLE chats (
    id      INTEGER PRIMARY KEY,
    hash    BLOB    NOT NULL UNIQUE, -- SHA-256 of the token; never the token
    channel TEXT    NOT NULL,
    thread  TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,        -- when its page last connected, to the hour
    UNIQUE (channel, thread)
) STRICT;
