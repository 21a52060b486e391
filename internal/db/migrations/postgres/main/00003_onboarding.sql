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
    valid_from      BIGINT  NOT NULL,             -- UTC microseconds
    valid_until     BIGINT  NOT NULL,             -- exclusive
    verified        BIGINT  NOT NULL,             -- 1: through the citizen; 0: claimed by the agency
    evidence_kind   TEXT    NOT NULL,
    evidence_sha256 TEXT    NOT NULL,             -- hex
    given           BIGINT  NOT NULL,             -- when it was stored
    withdrawn       BIGINT  NOT NULL              -- 0: it was not
);
CREATE INDEX consents_person ON consents (person, agency);
