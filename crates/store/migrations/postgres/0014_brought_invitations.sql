-- Whom an invitation names that a member brought from his calendar; one for each member of a meeting.
CREATE TABLE brought_invitations (
    organisation  TEXT    NOT NULL,
    meeting       TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    named_sealed  BYTEA   NOT NULL,
    PRIMARY KEY (organisation, meeting, person),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX brought_invitations_by_person ON brought_invitations (organisation, person);
