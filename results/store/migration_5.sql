-- Isolation of attempts, and attempts that ended while their trial did not.
ALTER TABLE attempts ADD COLUMN isolation TEXT NOT NULL DEFAULT '';

CREATE TABLE interruptions (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  kind               TEXT NOT NULL,
  signal             INTEGER NOT NULL,
  sender             TEXT NOT NULL,
  message            TEXT NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  unix_seconds       REAL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;
