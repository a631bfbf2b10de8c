-- Live events: what changed and for whom, never the content (design 4.6).
CREATE TABLE events (
    organisation TEXT   NOT NULL REFERENCES organisations (id),
    seq          BIGINT NOT NULL,
    audience     TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (organisation, seq)
);
CREATE INDEX events_by_time ON events (organisation, at);

-- The audit log: each digest covers the row and the digest before it.
CREATE TABLE audit (
    organisation   TEXT   NOT NULL REFERENCES organisations (id),
    seq            BIGINT NOT NULL,
    id             TEXT   NOT NULL,
    at             BIGINT NOT NULL,
    actor          TEXT,
    action         TEXT   NOT NULL,
    object         TEXT   NOT NULL,
    payload_digest TEXT   NOT NULL,
    digest         TEXT   NOT NULL,
    PRIMARY KEY (organisation, seq)
);
CREATE INDEX audit_by_time ON audit (organisation, at);
CREATE INDEX audit_by_actor ON audit (organisation, actor);
CREATE INDEX audit_by_object ON audit (organisation, object);

-- What the audit log tells of an action, apart from it, so that it can be erased and the log still verifies.
CREATE TABLE audit_payloads (
    organisation   TEXT   NOT NULL,
    seq            BIGINT NOT NULL,
    payload_sealed BYTEA  NOT NULL,
    PRIMARY KEY (organisation, seq),
    FOREIGN KEY (organisation, seq) REFERENCES audit (organisation, seq)
);
