-- +goose Up
-- Owner: ledger. Everything here is computed from entries and heads, and can
-- be computed again.

-- Owner: ledger. The full tiles of the Merkle tree (256 hashes each).
CREATE TABLE tiles (
    level INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    data  BLOB    NOT NULL,                 -- 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
) STRICT;

-- Owner: ledger. The open segment's index: what one round found for one kind
-- of term.
CREATE TABLE index_runs (
    kind    INTEGER NOT NULL,               -- of term
    segment INTEGER NOT NULL,               -- index of the entry / 65536
    first   INTEGER NOT NULL,               -- first entry the round covered
    data    BLOB    NOT NULL,               -- token, 8 bytes, and place in the segment, 2 bytes; sorted
    PRIMARY KEY (segment, kind, first)
) STRICT;

-- Owner: ledger. The index of complete segments, in sorted pages.
CREATE TABLE index_pages (
    kind    INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    first   BLOB    NOT NULL,               -- the page's first token and place, 10 bytes
    data    BLOB    NOT NULL,
    PRIMARY KEY (kind, segment, first)
) STRICT;

-- Owner: ledger. What is known of a segment.
CREATE TABLE index_segments (
    segment    INTEGER NOT NULL PRIMARY KEY,
    size       INTEGER NOT NULL,            -- entries indexed in it
    first_time INTEGER NOT NULL,            -- UTC microseconds
    last_time  INTEGER NOT NULL,
    merged     INTEGER NOT NULL             -- 1 when its pages are written
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

-- Owner: ledger. How far each derivation has come.
CREATE TABLE progress (
    name TEXT    NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL                   -- entries covered
) STRICT;
INSERT INTO progress (name, size) VALUES ('tiles', 0), ('index', 0);
