-- +goose Up
-- Owner: ledger. Everything here is computed from entries and heads, and can
-- be computed again.

-- Owner: ledger. The full tiles of the Merkle tree (256 hashes each).
CREATE TABLE tiles (
    level BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    data  BYTEA   NOT NULL,                 -- 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
);

-- Owner: ledger. The open segment's index: what one round found for one kind
-- of term.
CREATE TABLE index_runs (
    kind    BIGINT NOT NULL,               -- of term
    segment BIGINT NOT NULL,               -- index of the entry / 65536
    first   BIGINT NOT NULL,               -- first entry the round covered
    data    BYTEA   NOT NULL,               -- token, 8 bytes, and place in the segment, 2 bytes; sorted
    PRIMARY KEY (segment, kind, first)
);

-- Owner: ledger. The index of complete segments, in sorted pages.
CREATE TABLE index_pages (
    kind    BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    first   BYTEA   NOT NULL,               -- the page's first token and place, 10 bytes
    data    BYTEA   NOT NULL,
    PRIMARY KEY (kind, segment, first)
);

-- Owner: ledger. What is known of a segment.
CREATE TABLE index_segments (
    segment    BIGINT NOT NULL PRIMARY KEY,
    size       BIGINT NOT NULL,            -- entries indexed in it
    first_time BIGINT NOT NULL,            -- UTC microseconds
    last_time  BIGINT NOT NULL,
    merged     BIGINT NOT NULL             -- 1 when its pages are written
);

-- Owner: ledger. Entries per hour.
CREATE TABLE statistics (
    hour       BIGINT NOT NULL,            -- its start, UTC microseconds
    connection TEXT    NOT NULL,            -- '' if none
    kind       TEXT    NOT NULL,
    code       TEXT    NOT NULL,            -- '' unless refused
    n          BIGINT NOT NULL,
    PRIMARY KEY (hour, connection, kind, code)
);

-- Owner: ledger. How far each derivation has come.
CREATE TABLE progress (
    name TEXT    NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL                   -- entries covered
);
INSERT INTO progress (name, size) VALUES ('tiles', 0), ('index', 0);
