-- What a person chose, per meeting; the empty meeting is the main client.
CREATE TABLE views (
    organisation   TEXT   NOT NULL REFERENCES organisations (id),
    person         TEXT   NOT NULL,
    meeting        TEXT   NOT NULL,
    content_sealed BYTEA  NOT NULL,
    saved_at       BIGINT NOT NULL,
    PRIMARY KEY (organisation, person, meeting)
);
CREATE INDEX views_by_saved ON views (organisation, saved_at);

-- Companies and relationships that a person chose lately.
CREATE TABLE recents (
    organisation TEXT   NOT NULL REFERENCES organisations (id),
    person       TEXT   NOT NULL,
    tenant       TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    entity       TEXT   NOT NULL,
    name_sealed  BYTEA  NOT NULL,
    chosen_at    BIGINT NOT NULL,
    PRIMARY KEY (organisation, person, tenant, kind, entity)
);
CREATE INDEX recents_by_time ON recents (organisation, person, chosen_at);

-- The note a person writes in a meeting. One is open; the others were logged (put_away_by) or discarded, and stay for a while so
-- that a refused write brings its note back and versions never repeat.
CREATE TABLE drafts (
    organisation   TEXT   NOT NULL REFERENCES organisations (id),
    id             TEXT   NOT NULL,
    person         TEXT   NOT NULL,
    meeting        TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    content_sealed BYTEA,
    saved_at       BIGINT NOT NULL,
    put_away_by    TEXT,
    closed_at      BIGINT,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX drafts_open ON drafts (organisation, person, meeting) WHERE closed_at IS NULL;
CREATE INDEX drafts_by_person ON drafts (organisation, person, meeting, version);
CREATE INDEX drafts_by_write ON drafts (organisation, put_away_by);
CREATE INDEX drafts_by_saved ON drafts (organisation, saved_at);
CREATE INDEX drafts_by_closed ON drafts (organisation, closed_at);

-- Writes on their way to Gainsight (design 4.5).
CREATE TABLE writes (
    organisation   TEXT   NOT NULL REFERENCES organisations (id),
    id             TEXT   NOT NULL,
    person         TEXT   NOT NULL,
    session        TEXT,
    tenant         TEXT   NOT NULL,
    meeting        TEXT,
    key_digest     TEXT   NOT NULL,
    external_id    TEXT   NOT NULL,
    payload_sealed BYTEA,
    state          TEXT   NOT NULL,
    tries          BIGINT NOT NULL,
    due_at         BIGINT,
    answer_sealed  BYTEA,
    stored_at      BIGINT NOT NULL,
    settled_at     BIGINT,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX writes_by_key ON writes (organisation, person, key_digest);
CREATE INDEX writes_by_person ON writes (organisation, person, stored_at);
CREATE INDEX writes_by_due ON writes (organisation, due_at);
CREATE INDEX writes_by_settled ON writes (organisation, settled_at);
