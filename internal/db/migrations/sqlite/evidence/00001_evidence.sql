-- +goose Up
-- Owner: evidence. One row per uploaded file, written with all its chunks in
-- one transaction: a row that is there is a whole file.
CREATE TABLE evidence_files (
    id      TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    owner   TEXT    NOT NULL,             -- id of who uploaded it
    chunks  INTEGER NOT NULL,
    added   INTEGER NOT NULL,             -- UTC microseconds
    expires INTEGER NOT NULL,             -- removed then unless something refers to it; 0: stays
    about   BLOB    NOT NULL              -- name, type, size, hash: JSON, sealed
) STRICT;
CREATE INDEX evidence_files_owner ON evidence_files (owner, expires);
CREATE INDEX evidence_files_expires ON evidence_files (expires) WHERE expires > 0;

-- Owner: evidence. The contents, sealed piece by piece.
CREATE TABLE evidence_chunks (
    file TEXT    NOT NULL,
    n    INTEGER NOT NULL, -- from 0
    data BLOB    NOT NULL,
    PRIMARY KEY (file, n)
) STRICT;
