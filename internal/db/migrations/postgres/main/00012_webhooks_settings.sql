-- +goose Up
-- Owner: notify. Places of agencies that take notices. Rows stay: deliveries
-- name them, and they show what an agency had when.
CREATE TABLE webhooks (
    id         TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    agency     TEXT    NOT NULL,             -- id of the agency
    url        TEXT    NOT NULL,             -- https
    state      TEXT    NOT NULL,             -- new, active, ended
    secret     BYTEA   NOT NULL,             -- sealed; empty once it has ended
    next       BYTEA   NOT NULL,             -- the secret that takes its place, sealed; empty: none does
    next_since BIGINT  NOT NULL,             -- when that one alone signs, 0: there is none
    made       BIGINT  NOT NULL,             -- UTC microseconds
    maker      TEXT    NOT NULL,             -- code of who registered it
    proved     BIGINT  NOT NULL,             -- when a test was first taken, 0: never
    tested     BIGINT  NOT NULL,             -- the newest test, 0: none
    cause      TEXT    NOT NULL,             -- code of why that failed, '': it was taken
    ended      BIGINT  NOT NULL              -- 0: it has not
);
CREATE INDEX webhooks_agency ON webhooks (agency, id);

-- Owner: settings. What was changed at run time, in order; the newest row of a
-- name is what holds.
CREATE TABLE setting_changes (
    version   BIGINT  NOT NULL PRIMARY KEY, -- counts all changes from 1
    name      TEXT    NOT NULL,             -- as in the configuration: identity.idle
    was       TEXT    NOT NULL,
    value     TEXT    NOT NULL,             -- '': what the configuration says holds again
    proposer  TEXT    NOT NULL,             -- code of who proposed it
    confirmer TEXT    NOT NULL,             -- code of who confirmed it
    proposal  TEXT    NOT NULL,             -- id of the proposal
    reason    TEXT    NOT NULL,
    made      BIGINT  NOT NULL              -- UTC microseconds
);
CREATE INDEX setting_changes_name ON setting_changes (name, version);

-- Owner: settings. What each node's configuration said at its last start, so
-- that a change of it shows. Nothing secret: the configuration holds none.
CREATE TABLE setting_files (
    node  TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (node, name)
);
