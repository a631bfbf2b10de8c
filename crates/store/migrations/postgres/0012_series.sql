-- Whether a meeting was planned once or is one of a series (`zoom.md` 6.4).
ALTER TABLE meetings ADD COLUMN kind BIGINT;
CREATE INDEX meetings_by_number ON meetings (organisation, number);

-- The company or relationship that a person chose last for a series of meetings, or beforehand for a single one that begins at
-- `planned_at`.
CREATE TABLE series (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    number       TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    tenant       TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    entity       TEXT    NOT NULL,
    planned_at   BIGINT ,
    chosen_at    BIGINT  NOT NULL,
    PRIMARY KEY (organisation, number, person)
);
CREATE INDEX series_by_person ON series (organisation, person);
CREATE INDEX series_by_chosen ON series (organisation, chosen_at);
CREATE INDEX views_by_meeting ON views (organisation, meeting);
