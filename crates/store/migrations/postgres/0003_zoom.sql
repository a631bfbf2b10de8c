-- A person's authorisation of our app at Zoom: the last one counts.
CREATE TABLE installations (
    organisation         TEXT   NOT NULL REFERENCES organisations (id),
    person               TEXT   NOT NULL,
    zoom_user_sealed     BYTEA  NOT NULL,
    zoom_account_sealed  BYTEA  NOT NULL,
    zoom_account_index   TEXT   NOT NULL,
    name_sealed          BYTEA  NOT NULL,
    email_sealed         BYTEA,
    email_index          TEXT,
    client_id            TEXT   NOT NULL,
    access_token_sealed  BYTEA,
    refresh_token_sealed BYTEA,
    scope                TEXT   NOT NULL,
    api_url              TEXT   NOT NULL,
    token_expires_at     BIGINT NOT NULL,
    version              BIGINT NOT NULL,
    lease_until          BIGINT,
    installed_at         BIGINT NOT NULL,
    removed_at           BIGINT,
    PRIMARY KEY (organisation, person)
);
CREATE INDEX installations_by_account ON installations (organisation, zoom_account_index);
CREATE INDEX installations_by_email ON installations (organisation, email_index);

-- Instances of meetings.
CREATE TABLE meetings (
    organisation     TEXT   NOT NULL REFERENCES organisations (id),
    uuid             TEXT   NOT NULL,
    number           TEXT,
    topic_sealed     BYTEA,
    host_sealed      BYTEA,
    host_person      TEXT,
    started_at       BIGINT,
    ended_at         BIGINT,
    host_reported_at BIGINT,
    seen_at          BIGINT NOT NULL,
    PRIMARY KEY (organisation, uuid)
);
CREATE INDEX meetings_by_host ON meetings (organisation, host_person);
CREATE INDEX meetings_by_seen ON meetings (organisation, seen_at);

-- Who is or was in a meeting. The detail is one participant of the roster as JSON.
CREATE TABLE participants (
    organisation  TEXT   NOT NULL,
    meeting       TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    place         BIGINT NOT NULL,
    person        TEXT,
    detail_sealed BYTEA  NOT NULL,
    PRIMARY KEY (organisation, meeting, id),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX participants_by_person ON participants (organisation, person);

-- Webhooks that were received and acknowledged.
CREATE TABLE inbox (
    organisation TEXT   NOT NULL REFERENCES organisations (id),
    digest       TEXT   NOT NULL,
    event        TEXT   NOT NULL,
    body_sealed  BYTEA,
    event_at     BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    due_at       BIGINT,
    done_at      BIGINT,
    PRIMARY KEY (organisation, digest)
);
CREATE INDEX inbox_by_due ON inbox (organisation, due_at);
CREATE INDEX inbox_by_done ON inbox (organisation, done_at);
