-- Opened panels (design 4.1).
CREATE TABLE sessions (
    organisation       TEXT    NOT NULL REFERENCES organisations (id),
    id                 TEXT    NOT NULL,
    person             TEXT,
    zoom_user_sealed   BLOB,
    client_id          TEXT    NOT NULL,
    meeting            TEXT,
    role               TEXT    NOT NULL,
    screen_name_sealed BLOB    NOT NULL,
    created_at         INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    ended_at           INTEGER,
    ended_because      TEXT,
    PRIMARY KEY (organisation, id)
) STRICT;
-- A token names a session and no organisation.
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_person ON sessions (organisation, person);
CREATE INDEX sessions_by_expiry ON sessions (organisation, expires_at);

-- App contexts that were used, so that nobody uses one twice. Unique over all organisations: a context must not be good for a second
-- session because its user has joined an organisation meanwhile.
CREATE TABLE contexts (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    digest       TEXT    NOT NULL UNIQUE,
    page_digest  TEXT,
    session      TEXT    NOT NULL,
    used_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, digest)
) STRICT;
CREATE INDEX contexts_by_expiry ON contexts (organisation, expires_at);
