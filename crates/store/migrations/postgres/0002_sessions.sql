-- Opened panels (design 4.1).
CREATE TABLE sessions (
    organisation       TEXT   NOT NULL REFERENCES organisations (id),
    id                 TEXT   NOT NULL,
    person             TEXT,
    zoom_user_sealed   BYTEA,
    client_id          TEXT   NOT NULL,
    meeting            TEXT,
    role               TEXT   NOT NULL,
    screen_name_sealed BYTEA  NOT NULL,
    created_at         BIGINT NOT NULL,
    expires_at         BIGINT NOT NULL,
    ended_at           BIGINT,
    ended_because      TEXT,
    PRIMARY KEY (organisation, id)
);
-- A token names a session and no organisation.
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_person ON sessions (organisation, person);
CREATE INDEX sessions_by_expiry ON sessions (organisation, expires_at);

-- App contexts that were used, so that nobody uses one twice. Unique over all organisations: a context must not be good for a second
-- session because its user has joined an organisation meanwhile.
CREATE TABLE contexts (
    organisation TEXT   NOT NULL REFERENCES organisations (id),
    digest       TEXT   NOT NULL UNIQUE,
    page_digest  TEXT,
    session      TEXT   NOT NULL,
    used_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (organisation, digest)
);
CREATE INDEX contexts_by_expiry ON contexts (organisation, expires_at);
