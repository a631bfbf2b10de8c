-- Who somebody in a room really is, as a colleague said who knows: for the next meeting with the same person. The subject is an index of what
-- the person is recognised by; the person is the colleague.
CREATE TABLE corrections (
    organisation  TEXT    NOT NULL REFERENCES organisations (id),
    tenant        TEXT    NOT NULL,
    subject_index TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    detail_sealed BLOB    NOT NULL,
    corrected_at  INTEGER NOT NULL,
    PRIMARY KEY (organisation, tenant, subject_index)
) STRICT;
CREATE INDEX corrections_by_person ON corrections (organisation, person);
CREATE INDEX corrections_by_age ON corrections (organisation, corrected_at);
