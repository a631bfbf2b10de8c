-- The outermost boundary (design 4.8). The data key is wrapped by the master key that wrapped_by names.
CREATE TABLE organisations (
    id         TEXT    NOT NULL PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    data_key   BLOB    NOT NULL,
    wrapped_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Where the two logs of an organisation end. The row is locked by whoever appends, as the last thing before a commit, so that
-- numbers appear in the order of commits.
CREATE TABLE heads (
    organisation     TEXT    NOT NULL PRIMARY KEY REFERENCES organisations (id),
    event_seq        INTEGER NOT NULL,
    event_purged_seq INTEGER NOT NULL,
    audit_seq        INTEGER NOT NULL,
    audit_digest     TEXT    NOT NULL
) STRICT;
