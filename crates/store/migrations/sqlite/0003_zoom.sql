-- A person's authorisation of our app at Zoom: the last one counts.
CREATE TABLE installations (
    organisation         TEXT    NOT NULL REFERENCES organisations (id),
    person               TEXT    NOT NULL,
    zoom_user_sealed     BLOB    NOT NULL,
    zoom_account_sealed  BLOB    NOT NULL,
    zoom_account_index   TEXT    NOT NULL,
    name_sealed          BLOB    NOT NULL,
    email_sealed         BLOB,
    email_index          TEXT,
    client_id            TEXT    NOT NULL,
    access_token_sealed  BLOB,
    refresh_token_sealed BLOB,
    scope                TEXT    NOT NULL,
    api_url              TEXT    NOT NULL,
    token_expires_at     INTEGER NOT NULL,
    version              INTEGER NOT NULL,
    lease_until          INTEGER,
    installed_at         INTEGER NOT NULL,
    removed_at           INTEGER,
    PRIMARY KEY (organisation, person)
) STRICT;
CREATE INDEX installations_by_account ON installations (organisation, zoom_account_index);
CREATE INDEX installations_by_email ON installations (organisation, email_index);

-- Instances of meetings.
CREATE TABLE meetings (
    organisation     TEXT    NOT NULL REFERENCES organisations (id),
    uuid             TEXT    NOT NULL,
    number           TEXT,
    topic_sealed     BLOB,
    host_sealed      BLOB,
    host_person      TEXT,
    started_at       INTEGER,
    ended_at         INTEGER,
    host_reported_at INTEGER,
    seen_at          INTEGER NOT NULL,
    PRIMARY KEY (organisation, uuid)
) STRICT;
CREATE INDEX meetings_by_host ON meetings (organisation, host_person);
CREATE INDEX meetings_by_seen ON meetings (organisation, seen_at);

-- Who is or was in a meeting. The detail is one participant of the roster as JSON.
CREATE TABLE participants (
    organisation  TEXT    NOT NULL,
    meeting       TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    place         INTEGER NOT NULL,
    person        TEXT,
    detail_sealed BLOB    NOT NULL,
    PRIMARY KEY (organisation, meeting, id),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
) STRICT;
CREATE INDEX participants_by_person ON participants (organisation, person);

-- Webhooks that were received and acknowledged.
CREATE TABLE inbox (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    digest       TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    body_sealed  BLOB,
    event_at     INTEGER NOT NULL,
    received_at  INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    due_at       INTEGER,
    done_at      INTEGER,
    PRIMARY KEY (organisation, digest)
) STRICT;
CREATE INDEX inbox_by_due ON inbox (organisation, due_at);
CREATE INDEX inbox_by_done ON inbox (organisation, done_at);
