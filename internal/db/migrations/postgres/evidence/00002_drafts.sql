-- +goose Up
-- Owner: draft. What somebody typed into a form and did not send: one row for
-- each account and form.
CREATE TABLE drafts (
    account TEXT    NOT NULL, -- id of whose it is
    form    TEXT    NOT NULL, -- address of the form's page, without a query
    saved   BIGINT  NOT NULL, -- UTC microseconds
    expires BIGINT  NOT NULL, -- removed then
    sealed  BYTEA   NOT NULL, -- title and values: JSON, sealed
    PRIMARY KEY (account, form)
);
CREATE INDEX drafts_expires ON drafts (expires);
