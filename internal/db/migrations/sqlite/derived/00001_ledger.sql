-- +goose Up
-- Everything here is computed from entries and heads, and can be computed
-- again: it may be emptied at any time while no node runs.

-- Owner: ledger. The full tiles of the Merkle tree.
CREATE TABLE tiles (
    level INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    data  BLOB    NOT NULL,                 -- 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
) STRICT;

-- Owner: ledger. The index of segments that are not yet merged, as the rounds
-- left it. A segment is 65,536 entries.
CREATE TABLE index_runs (
    segment INTEGER NOT NULL,
    first   INTEGER NOT NULL,               -- first entry covered
    data    BLOB    NOT NULL,               -- postings of 8 bytes, in any order
    PRIMARY KEY (segment, first)
) STRICT;

-- Owner: ledger. The index of complete segments, in sorted pages.
CREATE TABLE index_pages (
    segment INTEGER NOT NULL,
    first   INTEGER NOT NULL,               -- the page's first posting
    data    BLOB    NOT NULL,               -- distances to the following ones
    PRIMARY KEY (segment, first)
) STRICT;

-- Owner: ledger. Entries per hour.
CREATE TABLE statistics (
    hour       INTEGER NOT NULL,            -- its start, UTC microseconds
    connection TEXT    NOT NULL,            -- '' if none
    kind       TEXT    NOT NULL,
    code       TEXT    NOT NULL,            -- '' unless refused
    n          INTEGER NOT NULL,
    PRIMARY KEY (hour, connection, kind, code)
) STRICT;

-- Owner: ledger. How many entries index and statistics cover.
CREATE TABLE progress (
    name TEXT    NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL
) STRICT;
INSERT INTO progress (name, size) VALUES ('index', 0);
