-- Timelines that panels show: until when, when each is asked about next, and when it last changed; for all servers together (design 4.6).
CREATE TABLE timelines (
    organisation  TEXT    NOT NULL REFERENCES organisations (id),
    tenant        TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    entity        TEXT    NOT NULL,
    watched_until BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    changed_at    BIGINT,
    PRIMARY KEY (organisation, tenant, kind, entity)
);
CREATE INDEX timelines_by_watch ON timelines (organisation, watched_until);

-- The directory mirror of a tenant: who has which address and works where, by ids alone. An address is a keyed digest (design 5).
CREATE TABLE directory_people (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    tenant       TEXT    NOT NULL,
    record       TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    pass         BIGINT NOT NULL,
    PRIMARY KEY (organisation, tenant, record)
);
CREATE INDEX directory_people_by_address ON directory_people (organisation, tenant, address);

CREATE TABLE directory_links (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    tenant       TEXT    NOT NULL,
    link         TEXT    NOT NULL,
    record       TEXT    NOT NULL,
    company      TEXT    NOT NULL,
    is_primary   BIGINT NOT NULL,
    is_active    BIGINT NOT NULL,
    pass         BIGINT NOT NULL,
    PRIMARY KEY (organisation, tenant, link)
);
CREATE INDEX directory_links_by_record ON directory_links (organisation, tenant, record);

-- How far each mirror is. A pass reads everything once, and what it does not meet again is gone.
CREATE TABLE directory_mirrors (
    organisation  TEXT    NOT NULL REFERENCES organisations (id),
    tenant        TEXT    NOT NULL,
    pass          BIGINT NOT NULL,
    object        TEXT,
    last_read     TEXT,
    begun_at      BIGINT NOT NULL,
    completed_at  BIGINT,
    changed_until BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    PRIMARY KEY (organisation, tenant)
);
