-- In which meetings the guests were asked for their addresses, and by whom. What they told is forgotten when the meeting is over; that they were
-- asked is kept with the meeting, so that nobody asks again.
CREATE TABLE inquiries (
    organisation TEXT    NOT NULL,
    meeting      TEXT    NOT NULL,
    person       TEXT,
    asked_at     BIGINT  NOT NULL,
    asker_sealed BYTEA,
    told_sealed  BYTEA,
    PRIMARY KEY (organisation, meeting),
    FOREIGN KEY (organisation, meeting) REFERENCES meetings (organisation, uuid) ON DELETE CASCADE
);
CREATE INDEX inquiries_by_person ON inquiries (organisation, person);
CREATE INDEX inquiries_by_age ON inquiries (organisation, asked_at);
