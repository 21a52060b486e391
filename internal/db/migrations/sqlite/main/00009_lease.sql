-- +goose Up
-- Owner: onboarding. Which node does what one node is to do.
CREATE TABLE leases (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT    NOT NULL,                 -- a random word of the node's process
    until  INTEGER NOT NULL                  -- UTC microseconds: after that anybody may take it
) STRICT;
