-- +goose Up
-- Owner: ledger. How far each follower has been told of the log's signals.
CREATE TABLE followers (
    name TEXT    NOT NULL PRIMARY KEY,
    next BIGINT  NOT NULL,                  -- index of the first entry it has not been told of
    time BIGINT  NOT NULL                   -- of the last telling, UTC microseconds
);

-- The signals, so that they are found among millions of calls without reading
-- these. A statement must say the same condition in the same words.
CREATE INDEX entries_signal ON entries (idx) WHERE code = 'change.undeclared' OR kind = 'connection.locked';
