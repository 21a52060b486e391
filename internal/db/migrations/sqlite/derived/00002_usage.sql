-- +goose Up
-- Everything here is computed from the log's entries and can be computed again:
-- it may be emptied at any time while no node runs. None of it names a citizen
-- or a case. The deriver's place is the row "usage" of progress.

-- Owner: watch. Calls by hour.
CREATE TABLE usage_hours (
    hour       INTEGER NOT NULL,            -- its start, UTC microseconds
    connection TEXT    NOT NULL,            -- '' of calls from nobody known
    agency     TEXT    NOT NULL,            -- agency code
    system     TEXT    NOT NULL,            -- the represented one; the caller's own where it represents none
    procedure  TEXT    NOT NULL,
    service    TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    code       TEXT    NOT NULL,            -- of the refusal; '' of calls answered
    officer    TEXT    NOT NULL,            -- the officer's code, of calls through dancu's own console
    calls      INTEGER NOT NULL,
    people     INTEGER NOT NULL,            -- disclosed or matched
    PRIMARY KEY (connection, hour, agency, system, procedure, service, channel, code, officer)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_hours_hour ON usage_hours (hour);
CREATE INDEX usage_hours_agency ON usage_hours (agency, hour);

-- Owner: watch. The same by day, so that what is asked of months is read at the
-- cost of days.
CREATE TABLE usage_days (
    day        INTEGER NOT NULL,            -- its start in Vietnam, UTC microseconds
    connection TEXT    NOT NULL,            -- '' of calls from nobody known
    agency     TEXT    NOT NULL,            -- agency code
    system     TEXT    NOT NULL,            -- the represented one; the caller's own where it represents none
    procedure  TEXT    NOT NULL,
    service    TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    code       TEXT    NOT NULL,            -- of the refusal; '' of calls answered
    officer    TEXT    NOT NULL,            -- the officer's code, of calls through dancu's own console
    calls      INTEGER NOT NULL,
    people     INTEGER NOT NULL,            -- disclosed or matched
    PRIMARY KEY (connection, day, agency, system, procedure, service, channel, code, officer)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_days_day ON usage_days (day);
CREATE INDEX usage_days_agency ON usage_days (agency, day);

-- Owner: watch. Sums by hour: one row an hour for all calls, and for each
-- connection, agency and procedure.
CREATE TABLE usage_sums (
    scope      TEXT    NOT NULL,            -- all, connection, agency, procedure
    name       TEXT    NOT NULL,            -- whose; '' of all
    hour       INTEGER NOT NULL,            -- its start, UTC microseconds
    answered   INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (scope, name, hour)
) STRICT, WITHOUT ROWID;

-- Owner: watch. Entries about a connection's life: locks, suspensions and the
-- like, whose kinds begin with "connection.".
CREATE TABLE usage_marks (
    idx        INTEGER NOT NULL PRIMARY KEY, -- of the entry
    time       INTEGER NOT NULL,            -- UTC microseconds
    connection TEXT    NOT NULL,
    kind       TEXT    NOT NULL
) STRICT;
CREATE INDEX usage_marks_connection ON usage_marks (connection, idx);
