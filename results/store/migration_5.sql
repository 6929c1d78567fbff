-- Version 4 -> 5: trials tell what the machine was while they ran, and how fast it did a fixed mix of kernels before
-- and after.

ALTER TABLE trials ADD COLUMN drifted INTEGER;  -- 1: the reference kernels drifted by more than the ruleset allows; NULL: not known

-- What the machine was while one attempt ran (machine_reading.h says which quantities there are, and their units).
CREATE TABLE machine_samples (
  trial_id         INTEGER NOT NULL REFERENCES trials (id),
  ordinal          INTEGER NOT NULL,
  samples          INTEGER NOT NULL,
  period_seconds   REAL NOT NULL,
  sampling_seconds REAL NOT NULL,  -- processor time that the looking took
  throttle_reasons TEXT NOT NULL CHECK (json_valid(throttle_reasons)),  -- of the GPU, a list of texts
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE machine_quantities (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  ordinal  INTEGER NOT NULL,
  quantity TEXT NOT NULL,     -- "cpu_mhz", "other_cores_busy", "gpu_celsius" …
  minimum  REAL,
  median   REAL,
  maximum  REAL,
  PRIMARY KEY (trial_id, ordinal, quantity)
) STRICT, WITHOUT ROWID;

-- The fixed mix of kernels that is timed before and after the training of one attempt.
CREATE TABLE reference_times (
  trial_id      INTEGER NOT NULL REFERENCES trials (id),
  ordinal       INTEGER NOT NULL,
  moment        TEXT NOT NULL,  -- "before" | "after"
  seconds       TEXT NOT NULL CHECK (json_valid(seconds)),  -- kernel -> seconds, median of a pass
  spent_seconds REAL NOT NULL,  -- wall time of the whole
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

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

-- What trials of one entry share of their spec is stored once.
ALTER TABLE entries ADD COLUMN spec TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(spec));
