-- +goose Up
-- Owner: job. Long work: one row per job, until its result's time is over.
CREATE TABLE jobs (
    id       TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    kind     TEXT    NOT NULL,
    owner    TEXT    NOT NULL,             -- id of the account it is done for
    params   BYTEA    NOT NULL,             -- what is asked: JSON, sealed
    state    TEXT    NOT NULL,             -- queued, running, done, failed, cancelled
    node     TEXT    NOT NULL,             -- the node that has it, or had it last, '' before
    claim    TEXT    NOT NULL,             -- a random word of the attempt under way, '' if none is
    lease    BIGINT NOT NULL,             -- UTC microseconds: after that anybody may take it over
    attempts BIGINT NOT NULL,
    stop     BIGINT NOT NULL,             -- 1: its owner wants it to end
    done     BIGINT NOT NULL,             -- of total, in the kind's unit
    total    BIGINT NOT NULL,             -- 0: not known
    created  BIGINT NOT NULL,             -- UTC microseconds
    started  BIGINT NOT NULL,             -- of the newest attempt, 0: not yet
    ended    BIGINT NOT NULL,             -- 0: not yet
    code     TEXT    NOT NULL,             -- why it failed, '' if it did not
    file     TEXT    NOT NULL,             -- id of the result in the vault, '' for none
    result   TEXT    NOT NULL,             -- JSON object of counts; names nobody
    why      BYTEA    NOT NULL             -- why it failed, in words, sealed
);
CREATE INDEX jobs_open ON jobs (state, id) WHERE state = 'queued' OR state = 'running';
CREATE INDEX jobs_owner ON jobs (owner, id);
CREATE INDEX jobs_ended ON jobs (ended) WHERE ended > 0;

-- Owner: saved. What people look for, by an id that stands in addresses
-- instead of it.
CREATE TABLE saved_searches (
    id    TEXT    NOT NULL PRIMARY KEY, -- random
    owner TEXT    NOT NULL,             -- id of the account whose it is
    kind  TEXT    NOT NULL,             -- which page's
    until BIGINT NOT NULL,             -- UTC microseconds
    what  BYTEA    NOT NULL              -- JSON, sealed
);
CREATE INDEX saved_searches_owner ON saved_searches (owner, until);
CREATE INDEX saved_searches_until ON saved_searches (until);
