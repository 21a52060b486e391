-- +goose Up
-- Owner: ledger. The newest row is the head of the log; rows are only added.
CREATE TABLE heads (
    size      INTEGER NOT NULL PRIMARY KEY, -- entries in the log
    root      BLOB    NOT NULL,             -- RFC 6962 root of that size
    frontier  BLOB    NOT NULL,             -- the full subtrees' roots, largest first, 32 bytes each
    standing  INTEGER NOT NULL,             -- version of the standing
    time      INTEGER NOT NULL              -- of the batch, UTC microseconds
) STRICT;

-- Owner: ledger. One row per entry. body is sealed under the month's key and
-- may go after the legal term; leaf stays.
CREATE TABLE entries (
    idx        INTEGER NOT NULL PRIMARY KEY,
    time       INTEGER NOT NULL,            -- UTC microseconds
    kind       TEXT    NOT NULL,
    connection TEXT    NOT NULL,            -- '' if none
    code       TEXT    NOT NULL,            -- '' unless refused
    call       BLOB,                        -- whose call, for calls: system and transaction id
    leaf       BLOB    NOT NULL,            -- what the tree commits to, 32 bytes
    sealkey    TEXT    NOT NULL,            -- name of the key that seals body
    body       BLOB,
    outcome    BLOB
) STRICT;
CREATE UNIQUE INDEX entries_call ON entries (call) WHERE call IS NOT NULL;

-- Owner: ledger. The standing as documents: the newest row of (kind, id) holds.
CREATE TABLE standing (
    version INTEGER NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    doc     BLOB    NOT NULL,               -- empty: removed
    time    INTEGER NOT NULL
) STRICT;

-- Owner: ledger. The keys that seal bodies, one a month, each wrapped by the
-- node's key file. Without its row a month's bodies cannot be opened.
CREATE TABLE sealkeys (
    name    TEXT    NOT NULL PRIMARY KEY,
    wrapped BLOB    NOT NULL,
    time    INTEGER NOT NULL
) STRICT;
