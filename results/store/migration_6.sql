-- Version 5 -> 6: trials show what the trained model makes of a held-out example.

CREATE TABLE exhibits (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  ordinal  INTEGER NOT NULL,
  step     INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  content  TEXT NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;
