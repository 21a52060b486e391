-- +goose Up
-- Owner: identity. One row per account: one person, one kind. Rows stay.
CREATE TABLE accounts (
    id           TEXT    NOT NULL PRIMARY KEY, -- UUIDv7
    kind         TEXT    NOT NULL,
    agency       TEXT    NOT NULL,             -- id of the agency, '' for the register's staff
    code         TEXT    NOT NULL,             -- the identifier in entries
    login        TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    folded       TEXT    NOT NULL,             -- name, login and code, to be searched
    unit         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    reason       TEXT    NOT NULL,             -- of the state
    version      INTEGER NOT NULL,             -- sessions of an older one are over
    password     TEXT    NOT NULL,             -- PHC string, '' if none
    password_set INTEGER NOT NULL,             -- UTC microseconds
    must_change  INTEGER NOT NULL,             -- 1: a one-time password
    created      INTEGER NOT NULL,
    enabled      INTEGER NOT NULL,             -- inactivity counts from here if there was no sign-in since
    last_signin  INTEGER NOT NULL              -- 0: never
) STRICT;
CREATE UNIQUE INDEX accounts_login ON accounts (login);
CREATE UNIQUE INDEX accounts_code ON accounts (agency, code);

-- Owner: identity. Former passwords, so that they do not come back.
CREATE TABLE old_passwords (
    account  TEXT    NOT NULL,
    set_at   INTEGER NOT NULL,
    password TEXT    NOT NULL,
    PRIMARY KEY (account, set_at)
) STRICT, WITHOUT ROWID;

-- Owner: identity. Second factors.
CREATE TABLE factors (
    id        TEXT    NOT NULL PRIMARY KEY,    -- UUIDv7
    account   TEXT    NOT NULL,
    kind      TEXT    NOT NULL,                -- totp, passkey
    name      TEXT    NOT NULL,
    secret    BLOB    NOT NULL,                -- totp: sealed; passkey: the credential, JSON
    handle    TEXT    NOT NULL,                -- passkey: credential id, base64url; totp: the factor's id
    last_step INTEGER NOT NULL,                -- totp: the newest time step used
    created   INTEGER NOT NULL,
    used      INTEGER NOT NULL
) STRICT;
CREATE INDEX factors_account ON factors (account);
CREATE UNIQUE INDEX factors_handle ON factors (handle);

CREATE TABLE recovery_codes (
    account TEXT NOT NULL,
    hash    BLOB NOT NULL,                     -- SHA-256; a used code's row goes
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- Owner: identity. Failed proofs in a row: of an account (a:ID), of a citizen
-- (c:PSEUDONYM), and of logins that are nobody's, which share a few rows (u:N).
CREATE TABLE attempts (
    subject      TEXT    NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,             -- locks in a row
    locked_until INTEGER NOT NULL,             -- 0: not locked
    last         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Owner: identity. Sign-ins that have not ended. They have no rights.
CREATE TABLE signins (
    token   BLOB    NOT NULL PRIMARY KEY,      -- SHA-256 of the browser's token
    account TEXT    NOT NULL,
    version INTEGER NOT NULL,                  -- the account's
    need    TEXT    NOT NULL,
    factor  INTEGER NOT NULL,                  -- when the second factor was shown, 0: not yet
    method  TEXT    NOT NULL,
    expires INTEGER NOT NULL,
    address TEXT    NOT NULL,
    agent   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX signins_account ON signins (account);
CREATE INDEX signins_expires ON signins (expires);

-- Owner: identity. What was offered or asked and is not answered: a challenge
-- to a passkey, a secret for an app. owner is a sign-in's token hash or a
-- session's id.
CREATE TABLE ceremonies (
    owner   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,                  -- login, register, totp
    data    BLOB    NOT NULL,                  -- sealed
    expires INTEGER NOT NULL,
    PRIMARY KEY (owner, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,   -- UUIDv7; it stands in entries
    token      BLOB    NOT NULL,               -- SHA-256 of the browser's token
    account    TEXT    NOT NULL,               -- '' for citizens
    kind       TEXT    NOT NULL,
    version    INTEGER NOT NULL,               -- the account's at the sign-in
    method     TEXT    NOT NULL,
    person     BLOB    NOT NULL,               -- a citizen's number, sealed; else empty
    started    INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    factor     INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    ends_by    INTEGER NOT NULL,
    address    TEXT    NOT NULL,
    agent      TEXT    NOT NULL,
    ended      INTEGER NOT NULL,               -- 0: live, as far as is known
    why        TEXT    NOT NULL                -- it ended
) STRICT;
CREATE UNIQUE INDEX sessions_token ON sessions (token);
CREATE INDEX sessions_account ON sessions (account, ended);
CREATE INDEX sessions_idle ON sessions (idle_until) WHERE ended = 0;
CREATE INDEX sessions_ends ON sessions (ends_by) WHERE ended = 0;
CREATE INDEX sessions_ended ON sessions (ended) WHERE ended > 0;

-- Owner: identity. Grants given to officers by their agency.
CREATE TABLE officer_grants (
    account    TEXT NOT NULL,
    connection TEXT NOT NULL,
    grant_id   TEXT NOT NULL,
    PRIMARY KEY (account, connection, grant_id)
) STRICT, WITHOUT ROWID;

-- Owner: identity. Acts that take two people.
CREATE TABLE proposals (
    id       TEXT    NOT NULL PRIMARY KEY,     -- UUIDv7
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    payload  TEXT    NOT NULL,                 -- JSON, '' if none
    reason   TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    proposer TEXT    NOT NULL,                 -- account id
    code     TEXT    NOT NULL,                 -- the proposer's
    created  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    second   TEXT    NOT NULL,                 -- account id of who settled it, '' so far
    note     TEXT    NOT NULL,
    settled  INTEGER NOT NULL
) STRICT;
CREATE INDEX proposals_open ON proposals (expires) WHERE state = 'proposed';

-- Owner: identity. Reviews of account lists.
CREATE TABLE reviews (
    id     TEXT    NOT NULL PRIMARY KEY,       -- UUIDv7
    agency TEXT    NOT NULL,                   -- '' for the register's
    opened TEXT    NOT NULL,                   -- account id of who opened it
    time   INTEGER NOT NULL,
    signed INTEGER NOT NULL,                   -- 0: open
    signer TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX reviews_open ON reviews (agency) WHERE signed = 0;

CREATE TABLE review_items (
    review  TEXT    NOT NULL,
    account TEXT    NOT NULL,
    verdict TEXT    NOT NULL,                  -- '', kept, disabled
    note    TEXT    NOT NULL,
    decided INTEGER NOT NULL,
    PRIMARY KEY (review, account)
) STRICT, WITHOUT ROWID;

-- Owner: identity. Agencies' own sign-in providers.
CREATE TABLE identity_providers (
    agency    TEXT    NOT NULL PRIMARY KEY,
    issuer    TEXT    NOT NULL,
    client_id TEXT    NOT NULL,
    secret    BLOB    NOT NULL,                -- sealed
    claim     TEXT    NOT NULL,
    factors   TEXT    NOT NULL,                -- JSON list
    enabled   INTEGER NOT NULL,
    set_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
