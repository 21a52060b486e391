-- +goose Up
-- Owner: notify. Notices to agencies and staff, written in the transaction of
-- the act they tell of. Rows stay: they show what was told when.
CREATE TABLE notices (
    id        TEXT    NOT NULL PRIMARY KEY, -- UUIDv7; the message's id wherever it goes
    key       TEXT    NOT NULL,             -- the same key twice is one notice
    topic     TEXT    NOT NULL,
    recipient TEXT    NOT NULL,             -- id of an agency, or a duty
    params    TEXT    NOT NULL,             -- JSON object of texts: codes, ids, dates
    link      TEXT    NOT NULL,             -- path of a page, '' if none
    created   INTEGER NOT NULL,             -- UTC microseconds
    state     TEXT    NOT NULL,             -- waiting, held, sent, failed
    attempts  INTEGER NOT NULL,
    next      INTEGER NOT NULL,             -- waiting: when it is due; claimed: when the claim lapses
    claim     TEXT    NOT NULL,             -- of the one who sends it now, '' if nobody does
    cause     TEXT    NOT NULL,             -- code of the last failure, '' if none
    settled   INTEGER NOT NULL              -- when it was sent or given up, 0: not yet
) STRICT;
CREATE UNIQUE INDEX notices_key ON notices (key);
CREATE INDEX notices_due ON notices (next) WHERE state = 'waiting';
CREATE INDEX notices_state ON notices (state, id);
CREATE INDEX notices_recipient ON notices (recipient, id);

-- Owner: notify. One row per mailbox or webhook that a notice was tried at.
-- Mailboxes stay in this table: no log, no address, no metric names them.
CREATE TABLE notice_deliveries (
    notice   TEXT    NOT NULL,
    channel  TEXT    NOT NULL,              -- mail, webhook
    target   TEXT    NOT NULL,              -- the mailbox; the webhook's id
    state    TEXT    NOT NULL,              -- waiting, sent, refused
    attempts INTEGER NOT NULL,
    last     INTEGER NOT NULL,              -- the newest attempt; sent: when it was taken
    cause    TEXT    NOT NULL,
    PRIMARY KEY (notice, channel, target)
) STRICT, WITHOUT ROWID;
