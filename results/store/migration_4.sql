-- Version 3 -> 4: trials tell where the time of a step went, which memory they took, where the host waited for the
-- device; sweeps what the harness itself costs.

-- Where the time of training steps went in one attempt: sums in seconds over the sampled steps (measurements.h).
CREATE TABLE step_times (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  sampled_steps      INTEGER NOT NULL,
  data_wait          REAL,
  host_to_device     REAL,
  forward            REAL,
  backward           REAL,
  gradient_averaging REAL,
  "update"           REAL,
  residual           REAL,
  step               REAL,  -- the whole
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- The memory of one attempt, in bytes.
CREATE TABLE memory (
  trial_id              INTEGER NOT NULL REFERENCES trials (id),
  ordinal               INTEGER NOT NULL,
  host_allocator        TEXT NOT NULL,     -- "caching" | "system"
  huge_pages            INTEGER NOT NULL CHECK (huge_pages IN (0, 1)),
  host_reserved_bytes   INTEGER NOT NULL,  -- free blocks included
  device_reserved_bytes INTEGER NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Its peaks by phase: "startup", "training", "evaluation".
CREATE TABLE memory_peaks (
  trial_id       INTEGER NOT NULL REFERENCES trials (id),
  ordinal        INTEGER NOT NULL,
  phase          TEXT NOT NULL,
  resident_bytes INTEGER NOT NULL,
  host_bytes     INTEGER NOT NULL,  -- of tensors; 0: not counted
  device_bytes   INTEGER NOT NULL,
  PRIMARY KEY (trial_id, ordinal, phase)
) STRICT, WITHOUT ROWID;

-- What --audit-sync found in one attempt. Sync-free: no place whose hook is not 'workload'.
CREATE TABLE sync_audits (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  ordinal  INTEGER NOT NULL,
  steps    INTEGER NOT NULL,
  method   TEXT NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- The distinct places where the host waited for the device.
CREATE TABLE sync_places (
  trial_id  INTEGER NOT NULL REFERENCES trials (id),
  ordinal   INTEGER NOT NULL,
  place     INTEGER NOT NULL,  -- from 0
  hook      TEXT NOT NULL,     -- "update", "select_batch", "prepare_for_eval", "workload"
  operation TEXT NOT NULL,
  stack     TEXT NOT NULL,     -- one frame a line, innermost first
  count     INTEGER NOT NULL,
  seconds   REAL,
  PRIMARY KEY (trial_id, ordinal, place)
) STRICT, WITHOUT ROWID;

-- What the harness itself costs, measured with an empty submission on an empty workload when a sweep begins.
CREATE TABLE null_measurements (
  id           INTEGER PRIMARY KEY,
  unix_seconds REAL NOT NULL,
  build_id     INTEGER NOT NULL REFERENCES builds (id),
  machine_id   INTEGER NOT NULL REFERENCES machines (id),
  device       TEXT NOT NULL,
  threads      INTEGER NOT NULL,
  seconds      TEXT NOT NULL CHECK (json_valid(seconds))  -- what was measured -> seconds, median
) STRICT;
