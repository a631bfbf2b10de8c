-- What an author chose at a logout for a write that was just being sent: it counts once that try has ended.
ALTER TABLE writes ADD COLUMN decided TEXT;

-- Whether a try may have reached Gainsight without an answer. Of writes from before this column nobody knows.
ALTER TABLE writes ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 1;

-- What a reopened note may be in Gainsight as already, so that it is not logged a second time.
ALTER TABLE drafts ADD COLUMN earlier_sealed BLOB;
