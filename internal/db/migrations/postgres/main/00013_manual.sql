-- +goose Up
-- Owner: manual. The user guide that an agency writes of its own service, in
-- versions: rows are only added.
CREATE TABLE guides (
    agency  TEXT    NOT NULL, -- id
    version BIGINT NOT NULL, -- from 1
    at      BIGINT NOT NULL, -- UTC microseconds
    writer  TEXT    NOT NULL, -- code in the agency's books
    title   TEXT    NOT NULL,
    changes TEXT    NOT NULL, -- what changed, one a line
    text    TEXT    NOT NULL, -- Markdown
    PRIMARY KEY (agency, version)
);

-- Owner: manual. What an agency's administrator tells the agency's officers.
CREATE TABLE officer_notices (
    id      TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    agency  TEXT    NOT NULL, -- id
    at      BIGINT NOT NULL, -- UTC microseconds
    until   BIGINT NOT NULL, -- shown before then
    writer  TEXT    NOT NULL, -- code in the agency's books
    text    TEXT    NOT NULL
);
CREATE INDEX officer_notices_agency ON officer_notices (agency, until);
