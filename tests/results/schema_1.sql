-- The result file as version 1 made it: what migration_test.cpp migrates. Never changed.
--
-- Rows are only ever added. Two columns are filled in later: trials.folded_records / last_record grow with the
-- trial's journal, and evaluations.superseded_by is set when a resumed trial runs a stretch again.
-- Numbers: seconds are seconds of the submission clock unless named otherwise. A REAL column that may hold NaN holds
-- NULL for it (SQLite has no NaN); infinities are stored as they are. Facts are JSON objects of texts, keys sorted.

PRAGMA application_id = 0x54545249;  -- "TTRI"

-- One build of one submission: the name people see and the SHA-256 of the shared library.
CREATE TABLE submissions (
  id     INTEGER PRIMARY KEY,
  name   TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  UNIQUE (name, sha256)
) STRICT;

-- What the harness itself was: build, compiler, LibTorch, CUDA and NCCL versions.
CREATE TABLE builds (
  id    INTEGER PRIMARY KEY,
  facts TEXT NOT NULL UNIQUE CHECK (json_valid(facts))
) STRICT;

-- The machine's fingerprint: host, cpu, cores, memory, gpu, driver.
CREATE TABLE machines (
  id    INTEGER PRIMARY KEY,
  facts TEXT NOT NULL UNIQUE CHECK (json_valid(facts))
) STRICT;

-- One trial: one point of a search space on one workload. The columns repeat the parts of `spec` one filters by;
-- `spec` is the whole trial.json. A trial is identified by its spec and the first record of its journal, which holds
-- the moment it began: the same directory, moved or copied, is the same trial; a re-run is another one.
CREATE TABLE trials (
  id              INTEGER PRIMARY KEY,
  submission_id   INTEGER NOT NULL REFERENCES submissions (id),
  workload        TEXT NOT NULL,   -- base workload
  variant         TEXT NOT NULL,   -- '' for the base workload
  tier            TEXT NOT NULL,
  ruleset         TEXT NOT NULL,
  ruleset_version INTEGER NOT NULL,
  benchmark       TEXT NOT NULL,
  hardware_class  TEXT NOT NULL,
  study           INTEGER NOT NULL,
  trial           INTEGER NOT NULL,
  seed            TEXT NOT NULL,   -- decimal: 64 unsigned bits do not fit SQLite's INTEGER
  directory       TEXT NOT NULL,   -- where the trial was first folded from
  spec            TEXT NOT NULL CHECK (json_valid(spec)),
  first_record    TEXT NOT NULL,   -- of the journal, as JSON
  folded_records  INTEGER NOT NULL,  -- how many records of the journal are in this file
  last_record     TEXT NOT NULL,   -- the newest of them: a journal that was replaced is noticed
  UNIQUE (spec, first_record)
) STRICT;
CREATE INDEX trials_by_place ON trials (ruleset, workload, variant, study, trial);

-- In all tables below `ordinal` is the place of the record in the trial's journal, from 0.

-- A worker began or resumed the trial. Provenance is per attempt: a trial may go on on another machine.
CREATE TABLE attempts (
  id                     INTEGER PRIMARY KEY,
  trial_id               INTEGER NOT NULL REFERENCES trials (id),
  ordinal                INTEGER NOT NULL,
  attempt                INTEGER NOT NULL,
  unix_seconds           REAL,
  resumed_from_step      INTEGER NOT NULL,  -- -1: from the beginning
  resumed_at_seconds     REAL,
  lost_seconds           REAL,
  gap_wall_seconds       REAL,
  data_set_id            TEXT NOT NULL,
  build_id               INTEGER NOT NULL REFERENCES builds (id),
  machine_id             INTEGER NOT NULL REFERENCES machines (id),
  timer_overhead_seconds REAL,
  UNIQUE (trial_id, ordinal)
) STRICT;

-- One evaluation. Superseded: the trial was resumed from an earlier step and ran this stretch again; kept, but no
-- part of a score.
CREATE TABLE evaluations (
  id                 INTEGER PRIMARY KEY,
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  evaluation_seconds REAL,
  logging_seconds    REAL,
  wall_seconds       REAL,
  training_loss      REAL,
  superseded_by      INTEGER REFERENCES attempts (id),
  UNIQUE (trial_id, ordinal)
) STRICT;

CREATE TABLE metrics (
  evaluation_id INTEGER NOT NULL REFERENCES evaluations (id),
  name          TEXT NOT NULL,  -- "validation/loss"
  value         REAL,
  PRIMARY KEY (evaluation_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  file               TEXT NOT NULL,  -- relative to the trial directory
  bytes              INTEGER NOT NULL,
  crc32              TEXT NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE warnings (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  ordinal  INTEGER NOT NULL,
  step     INTEGER NOT NULL,
  message  TEXT NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- How a trial ended. A trial without a row here runs or was interrupted; so does one that began another attempt
-- after it (higher ordinal in attempts).
CREATE TABLE outcomes (
  trial_id                 INTEGER NOT NULL REFERENCES trials (id),
  ordinal                  INTEGER NOT NULL,
  outcome                  TEXT NOT NULL,  -- names of rules.md
  message                  TEXT NOT NULL,
  step                     INTEGER NOT NULL,
  submission_seconds       REAL,
  unix_seconds             REAL,
  -- Wall seconds of the last attempt by what they were spent on; the parts sum to clock_wall.
  clock_startup            REAL,
  clock_submission         REAL,
  clock_evaluation         REAL,
  clock_logging            REAL,
  clock_checkpoint         REAL,
  clock_residual           REAL,
  clock_wall               REAL,
  parameters_hash          TEXT NOT NULL,
  peak_memory_bytes        INTEGER NOT NULL,
  peak_device_memory_bytes INTEGER NOT NULL,
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;
