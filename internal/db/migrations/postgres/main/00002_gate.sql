-- +goose Up
-- Owner: gate. What was used: one row per counted scope and window.
CREATE TABLE counters (
    connection TEXT    NOT NULL,
    scope      TEXT    NOT NULL,            -- '' whole connection; o:OFFICER, s:SERVICE, g:GRANT
    epoch      BIGINT  NOT NULL,            -- unlockings so far: unlocking starts a new count
    start      BIGINT  NOT NULL,            -- of the window, UTC microseconds
    calls      BIGINT  NOT NULL,
    people     BIGINT  NOT NULL,
    PRIMARY KEY (connection, scope, epoch, start)
);

-- Owner: gate. The people each case has disclosed, as keyed hashes, and how
-- many they are. dossier is the connection's id, a blank and the case code.
CREATE TABLE cases (
    dossier TEXT    NOT NULL PRIMARY KEY,
    people  BIGINT  NOT NULL
);

CREATE TABLE case_people (
    dossier TEXT  NOT NULL,
    person  BYTEA NOT NULL,
    PRIMARY KEY (dossier, person)
);

-- Owner: gate. Failed verifications of one person on one day.
CREATE TABLE mismatches (
    connection TEXT    NOT NULL,
    person     BYTEA    NOT NULL,
    day        BIGINT  NOT NULL,            -- start of the day, UTC microseconds
    n          BIGINT  NOT NULL,
    PRIMARY KEY (connection, person, day)
);
