-- Tries to sign in to a tenant (design 4.3). Secrets go as soon as a try ends.
CREATE TABLE sign_ins (
    organisation    TEXT   NOT NULL REFERENCES organisations (id),
    id              TEXT   NOT NULL,
    person          TEXT   NOT NULL,
    session         TEXT   NOT NULL,
    tenant          TEXT   NOT NULL,
    username_sealed BYTEA  NOT NULL,
    link_digest     TEXT   NOT NULL UNIQUE,
    cookie_digest   TEXT,
    state_digest    TEXT   UNIQUE,
    verifier_sealed BYTEA,
    code_digest     TEXT,
    tries_left      BIGINT NOT NULL,
    step            TEXT   NOT NULL,
    identity_sealed BYTEA,
    tokens_sealed   BYTEA,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    opened_at       BIGINT,
    ended_at        BIGINT,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX sign_ins_open ON sign_ins (organisation, person, tenant) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_by_person ON sign_ins (organisation, person, created_at);
CREATE INDEX sign_ins_by_expiry ON sign_ins (organisation, expires_at);

-- A person's live sign-in on a tenant, and the ended ones that the panel may still speak of.
CREATE TABLE grants (
    organisation         TEXT   NOT NULL REFERENCES organisations (id),
    id                   TEXT   NOT NULL,
    person               TEXT   NOT NULL,
    tenant               TEXT   NOT NULL,
    user_id              TEXT   NOT NULL,
    email_sealed         BYTEA  NOT NULL,
    email_index          TEXT   NOT NULL,
    name_sealed          BYTEA  NOT NULL,
    licence              TEXT,
    is_active            BIGINT NOT NULL,
    access_token_sealed  BYTEA,
    refresh_token_sealed BYTEA,
    token_expires_at     BIGINT NOT NULL,
    version              BIGINT NOT NULL,
    lease_until          BIGINT,
    checked_at           BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    ended_at             BIGINT,
    ended_because        TEXT,
    PRIMARY KEY (organisation, id)
);
CREATE UNIQUE INDEX grants_live ON grants (organisation, person, tenant) WHERE ended_at IS NULL;
CREATE INDEX grants_by_person ON grants (organisation, person, created_at);
CREATE INDEX grants_by_email ON grants (organisation, email_index);
CREATE INDEX grants_by_end ON grants (organisation, ended_at);
