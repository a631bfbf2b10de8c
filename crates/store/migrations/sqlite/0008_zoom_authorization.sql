-- An authorisation that a panel has begun inside the Zoom client (`zoom.md` 4.3): one at a time, for minutes, good once.
ALTER TABLE sessions ADD COLUMN zoom_state_digest TEXT;
ALTER TABLE sessions ADD COLUMN zoom_verifier_sealed BLOB;
ALTER TABLE sessions ADD COLUMN zoom_state_until INTEGER;
