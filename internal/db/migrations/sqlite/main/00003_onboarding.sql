-- +goose Up
-- Owner: onboarding. A person's consents to agencies. They are personal data
-- and stay in this table: no log, no address, no message names the person.
CREATE TABLE consents (
    id              TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    agency          TEXT    NOT NULL,             -- id of the agency
    person          TEXT    NOT NULL,             -- the PIN it is about
    procedure       TEXT    NOT NULL,
    dossier         TEXT    NOT NULL,             -- '' for every case of the procedure
    fields          TEXT    NOT NULL,             -- JSON list of names
    valid_from      INTEGER NOT NULL,             -- UTC microseconds
    valid_until     INTEGER NOT NULL,             -- exclusive
    verified        INTEGER NOT NULL,             -- 1: through the citizen; 0: claimed by the agency
    evidence_kind   TEXT    NOT NULL,
    evidence_sha256 TEXT    NOT NULL,             -- hex
    given           INTEGER NOT NULL,             -- when it was stored
    withdrawn       INTEGER NOT NULL              -- 0: it was not
) STRICT;
CREATE INDEX consents_person ON consents (person, agency);
