-- +goose Up
-- Owner: register. One row per citizen. rec is the whole record (see
-- record.go); the other columns are only what is searched by.
CREATE TABLE people (
    pin       TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- 12 digits
    cmnd      TEXT COLLATE "C",                      -- old 9-digit number
    name_fold TEXT COLLATE "C" NOT NULL,             -- folded in Go: no case, no marks, no spaces
    dob       TEXT COLLATE "C" NOT NULL,             -- YYYY-MM-DD or YYYY, as given
    sex       TEXT COLLATE "C" NOT NULL,             -- male, female, unknown; '' if not given
    province  TEXT COLLATE "C" NOT NULL,             -- of permanent residence, 3 digits; '' if not known
    household TEXT COLLATE "C",                      -- the head's PIN, or cmnd: and the head's old number
    rec       BYTEA NOT NULL
);
CREATE INDEX people_cmnd ON people (cmnd) WHERE cmnd IS NOT NULL;
CREATE INDEX people_name ON people (name_fold, dob);
CREATE INDEX people_household ON people (household) WHERE household IS NOT NULL;

-- Owner: register. How far an unfinished import of a file has come; written in
-- the transaction of the rows themselves, removed by the last.
CREATE TABLE imports (
    source   TEXT COLLATE "C"    NOT NULL PRIMARY KEY, -- SHA-256 over the file's identity
    position BIGINT  NOT NULL,             -- bytes of the file that are done
    line     BIGINT  NOT NULL,             -- lines of the file that are done
    errpos   BIGINT  NOT NULL,             -- bytes of the error file that are meant
    counts   TEXT COLLATE "C"    NOT NULL,             -- JSON
    time     BIGINT  NOT NULL              -- UTC microseconds
);

-- Owner: register. Administrative units with their terms; loaded by the
-- operator.
CREATE TABLE units (
    code       TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,              -- YYYY-MM-DD, first day
    valid_to   TEXT COLLATE "C" NOT NULL,              -- YYYY-MM-DD, first day no longer; '' while it lasts
    name       TEXT COLLATE "C" NOT NULL,
    level      TEXT COLLATE "C" NOT NULL,              -- province, district, commune
    parent     TEXT COLLATE "C" NOT NULL,              -- code of the unit above; '' for a province
    province   TEXT COLLATE "C" NOT NULL,              -- 3-digit code of the province
    successor  TEXT COLLATE "C" NOT NULL,              -- code of the unit it became; '' if none
    PRIMARY KEY (code, valid_from)
);
