-- +goose Up
-- Owner: gate. What was used: one row per counted scope and window.
CREATE TABLE counters (
    connection TEXT    NOT NULL,
    scope      TEXT    NOT NULL,            -- '' whole connection; o:OFFICER, s:SERVICE, g:GRANT
    epoch      INTEGER NOT NULL,            -- unlockings so far: unlocking starts a new count
    start      INTEGER NOT NULL,            -- of the window, UTC microseconds
    calls      INTEGER NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (connection, scope, epoch, start)
) STRICT, WITHOUT ROWID;

-- Owner: gate. The people each case has disclosed, as keyed hashes, and how
-- many they are. dossier is the connection's id, a blank and the case code.
CREATE TABLE cases (
    dossier TEXT    NOT NULL PRIMARY KEY,
    people  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE case_people (
    dossier TEXT  NOT NULL,
    person  BLOB  NOT NULL,
    PRIMARY KEY (dossier, person)
) STRICT, WITHOUT ROWID;

-- Owner: gate. Failed verifications of one person on one day.
CREATE TABLE mismatches (
    connection TEXT    NOT NULL,
    person     BLOB    NOT NULL,
    day        INTEGER NOT NULL,            -- start of the day, UTC microseconds
    n          INTEGER NOT NULL,
    PRIMARY KEY (connection, person, day)
) STRICT, WITHOUT ROWID;
