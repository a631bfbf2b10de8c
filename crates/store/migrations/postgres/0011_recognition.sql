-- Whom the host awaits in a meeting, as his own Zoom authorisation shows; asked once. Without a due time nobody asks again.
CREATE TABLE invitations (
    organisation    TEXT    NOT NULL,
    meeting         TEXT    NOT NULL,
    person          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    due_at          BIGINT,
    expected_sealed BYTEA,
    PRIMARY KEY (organisation, meeting),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX invitations_by_person ON invitations (organisation, person);

-- Meetings that are over and of which Zoom is still to be asked who took part.
CREATE TABLE recalls (
    organisation TEXT    NOT NULL,
    meeting      TEXT    NOT NULL,
    due_at       BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    PRIMARY KEY (organisation, meeting),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX recalls_by_due ON recalls (organisation, due_at);

-- Who is in a meeting, as colleagues said. The person is the colleague; the detail names the attendee by his address.
CREATE TABLE ticks (
    organisation  TEXT    NOT NULL,
    meeting       TEXT    NOT NULL,
    tenant        TEXT    NOT NULL,
    email_index   TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    detail_sealed BYTEA    NOT NULL,
    ticked_at     BIGINT NOT NULL,
    PRIMARY KEY (organisation, meeting, tenant, email_index),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX ticks_by_person ON ticks (organisation, person);

-- Whether somebody opened a panel as the host of a meeting.
CREATE INDEX sessions_by_meeting ON sessions (organisation, meeting);
