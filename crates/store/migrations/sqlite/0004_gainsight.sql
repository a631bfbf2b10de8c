-- Tries to sign in to a tenant (design 4.3). Secrets go as soon as a try ends.
CREATE TABLE sign_ins (
    organisation    TEXT    NOT NULL REFERENCES organisations (id),
    id              TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    session         TEXT    NOT NULL,
    tenant          TEXT    NOT NULL,
    username_sealed BLOB    NOT NULL,
    link_digest     TEXT    NOT NULL UNIQUE,
    cookie_digest   TEXT,
    state_digest    TEXT    UNIQUE,
    verifier_sealed BLOB,
    code_digest     TEXT,
    tries_left      INTEGER NOT NULL,
    step            TEXT    NOT NULL,
    identity_sealed BLOB,
    tokens_sealed   BLOB,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    opened_at       INTEGER,
    ended_at        INTEGER,
    PRIMARY KEY (organisation, id)
) STRICT;
CREATE UNIQUE INDEX sign_ins_open ON sign_ins (organisation, person, tenant) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_by_person ON sign_ins (organisation, person, created_at);
CREATE INDEX sign_ins_by_expiry ON sign_ins (organisation, expires_at);

-- A person's live sign-in on a tenant, and the ended ones that the panel may still speak of.
CREATE TABLE grants (
    organisation         TEXT    NOT NULL REFERENCES organisations (id),
    id                   TEXT    NOT NULL,
    person               TEXT    NOT NULL,
    tenant               TEXT    NOT NULL,
    user_id              TEXT    NOT NULL,
    email_sealed         BLOB    NOT NULL,
    email_index          TEXT    NOT NULL,
    name_sealed          BLOB    NOT NULL,
    licence              TEXT,
    is_active            INTEGER NOT NULL,
    access_token_sealed  BLOB,
    refresh_token_sealed BLOB,
    token_expires_at     INTEGER NOT NULL,
    version              INTEGER NOT NULL,
    lease_until          INTEGER,
    checked_at           INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    ended_at             INTEGER,
    ended_because        TEXT,
    PRIMARY KEY (organisation, id)
) STRICT;
CREATE UNIQUE INDEX grants_live ON grants (organisation, person, tenant) WHERE ended_at IS NULL;
CREATE INDEX grants_by_person ON grants (organisation, person, created_at);
CREATE INDEX grants_by_email ON grants (organisation, email_index);
CREATE INDEX grants_by_end ON grants (organisation, ended_at);
