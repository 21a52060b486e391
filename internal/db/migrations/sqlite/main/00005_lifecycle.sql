-- +goose Up
-- Owner: onboarding. What people deal with about connections.
CREATE TABLE matters (
    id         TEXT    NOT NULL PRIMARY KEY, -- UUIDv7, or kind.id of the standing
    kind       TEXT    NOT NULL,
    agency     TEXT    NOT NULL,             -- ids of the standing, '' for none
    system     TEXT    NOT NULL,
    connection TEXT    NOT NULL,
    parent     TEXT    NOT NULL,             -- the matter it follows from, '' for none
    state      TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    folded     TEXT    NOT NULL,             -- title and ids, to be searched
    doc        TEXT    NOT NULL,             -- JSON object
    version    INTEGER NOT NULL,
    opened     INTEGER NOT NULL,             -- UTC microseconds
    changed    INTEGER NOT NULL,
    closed     INTEGER NOT NULL              -- 0: open
) STRICT;
CREATE INDEX matters_kind ON matters (kind, changed, id);
CREATE INDEX matters_agency ON matters (agency, kind, changed);
CREATE INDEX matters_system ON matters (system, kind);
CREATE INDEX matters_parent ON matters (parent) WHERE parent <> '';

-- Owner: onboarding. What was done to a matter, for its page; the truth is the
-- entry in the log.
CREATE TABLE matter_acts (
    matter  TEXT    NOT NULL,
    version INTEGER NOT NULL,                -- the matter's, after it
    act     TEXT    NOT NULL,
    state   TEXT    NOT NULL,                -- the matter's, after it
    actor   TEXT    NOT NULL,
    duty    TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    input   TEXT    NOT NULL,                -- JSON object of what the form gave
    entry   INTEGER NOT NULL,                -- index in the log
    at      INTEGER NOT NULL,
    PRIMARY KEY (matter, version)
) STRICT, WITHOUT ROWID;

-- Owner: onboarding. What is to be done, by whom, until when.
CREATE TABLE tasks (
    id     TEXT    NOT NULL PRIMARY KEY,     -- UUIDv7
    kind   TEXT    NOT NULL,
    matter TEXT    NOT NULL,
    owner  TEXT    NOT NULL,                 -- a duty
    agency TEXT    NOT NULL,
    opened INTEGER NOT NULL,
    due    INTEGER NOT NULL,                 -- 0: no clock
    done   INTEGER NOT NULL,                 -- 0: open
    actor  TEXT    NOT NULL,                 -- who did it
    told   INTEGER NOT NULL                  -- 1: that it is overdue was told
) STRICT;
CREATE INDEX tasks_open ON tasks (owner, due, id) WHERE done = 0;
CREATE INDEX tasks_matter ON tasks (matter, opened);

