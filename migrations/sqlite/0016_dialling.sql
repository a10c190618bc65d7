-- Calls that another program was asked to make. No number stands here.
CREATE TABLE dialled (
    id          INTEGER PRIMARY KEY,
    call        TEXT    NOT NULL UNIQUE, -- what the other program knows it by; its key in the outbox
    callback_id INTEGER NOT NULL REFERENCES callbacks (id),
    thread_id   INTEGER NOT NULL REFERENCES threads (id),
    account     TEXT    NOT NULL,
    press       TEXT    NOT NULL,        -- the button that was pressed: once is once
    asked_at    INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    result      TEXT,
    seconds     INTEGER,
    ended_at    INTEGER,
    end_id      TEXT UNIQUE,             -- under which id its end came: sent again, it does nothing
    UNIQUE (callback_id, press)
) STRICT;
CREATE INDEX dialled_by_thread ON dialled (thread_id);
