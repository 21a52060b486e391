-- +goose Up
-- Owner: desk. Questions and complaints of people about an entry of the log.
-- What they wrote, and what the entry says of them, is sealed.
CREATE TABLE requests (
    id         TEXT   NOT NULL PRIMARY KEY, -- UUIDv7
    kind       TEXT   NOT NULL,             -- question, complaint
    state      TEXT   NOT NULL,             -- received, seen, answered, closed
    asker      BYTEA  NOT NULL,             -- pseudonym of who asks: the log's keyed hash of the number
    entry      BIGINT NOT NULL,             -- index of the entry it is about
    agency     TEXT   NOT NULL,             -- id of the agency it concerns, '' if it is not known any more
    code       TEXT   NOT NULL,             -- agency code, as it stands in the entry
    procedure  TEXT   NOT NULL,
    created    BIGINT NOT NULL,             -- UTC microseconds
    changed    BIGINT NOT NULL,             -- of the newest step
    body       BYTEA  NOT NULL              -- sealed: text, and how the agency finds the call
);
CREATE INDEX requests_asker ON requests (asker, id);
CREATE INDEX requests_agency ON requests (agency, id);

-- Owner: desk. What was done about a request, in order. Rows are only added.
CREATE TABLE request_steps (
    request TEXT   NOT NULL,
    n       BIGINT NOT NULL,                -- 0 is its receipt
    time    BIGINT NOT NULL,
    act     TEXT   NOT NULL,                -- received, seen, answered, closed
    side    TEXT   NOT NULL,                -- citizen, agency, register
    account TEXT   NOT NULL,                -- id of who did it, '' for citizens
    body    BYTEA,                          -- sealed: an answer's text; null if there is none
    PRIMARY KEY (request, n)
);
