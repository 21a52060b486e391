-- +goose Up
-- Owner: identity. Keys by which programs act for an account. The rows of keys
-- that ended go after a while; the log tells of them.
CREATE TABLE api_keys (
    id       TEXT    NOT NULL PRIMARY KEY,     -- UUIDv7; it stands in entries
    account  TEXT    NOT NULL,
    selector TEXT    NOT NULL,                 -- the key's first characters: it is found by them, and shown
    hash     BLOB    NOT NULL,                 -- SHA-256 of the whole key
    name     TEXT    NOT NULL,                 -- what it is for
    networks TEXT    NOT NULL,                 -- from where alone it is heard, CIDR, a space between; '' for anywhere
    created  INTEGER NOT NULL,                 -- UTC microseconds
    expires  INTEGER NOT NULL,
    used     INTEGER NOT NULL,                 -- to the hour or so, 0: never
    ended    INTEGER NOT NULL,                 -- 0: live, as far as is known
    why      TEXT    NOT NULL                  -- it ended
) STRICT;
CREATE UNIQUE INDEX api_keys_selector ON api_keys (selector);
CREATE INDEX api_keys_account ON api_keys (account, ended);
CREATE INDEX api_keys_expires ON api_keys (expires) WHERE ended = 0;
CREATE INDEX api_keys_ended ON api_keys (ended) WHERE ended > 0;
