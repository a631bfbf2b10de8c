-- Where a panel's live events begin: at what its session could not have seen yet.
ALTER TABLE sessions ADD COLUMN events_from BIGINT NOT NULL DEFAULT 0;
