-- The result file, schema version 6 (migrations.cpp brings older files to it).
--
-- Rows are only ever added. What is filled in later: trial_sources.folded_records / last_record grow with the
-- trial's journal, evaluations.superseded_by is set when a resumed trial runs a stretch again, and the columns of
-- trials that are called derived follow both.
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

-- What trials of one submission on one workload under one set of rules share. The columns repeat those parts of
-- the spec that one filters by or scores with.
CREATE TABLE entries (
  id                        INTEGER PRIMARY KEY,
  submission_id             INTEGER NOT NULL REFERENCES submissions (id),
  workload                  TEXT NOT NULL,     -- base workload
  variant                   TEXT NOT NULL,     -- '' for the base workload
  tier                      TEXT NOT NULL,
  ruleset                   TEXT NOT NULL,
  ruleset_version           INTEGER NOT NULL,
  benchmark                 TEXT NOT NULL,
  hardware_class            TEXT NOT NULL,
  metric                    TEXT NOT NULL,     -- "loss", "accuracy" …
  minimize                  INTEGER NOT NULL CHECK (minimize IN (0, 1)),
  validation_target         REAL,              -- NULL: none
  test_target               REAL,
  budget_seconds            REAL NOT NULL,
  evaluation_period_seconds REAL NOT NULL,
  spec                      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(spec))  -- the whole trial.json of its first trial
) STRICT;
CREATE UNIQUE INDEX entries_by_everything ON entries (
  submission_id, workload, variant, tier, ruleset, ruleset_version, benchmark, hardware_class, metric, minimize,
  ifnull(validation_target, 'none'), ifnull(test_target, 'none'), budget_seconds, evaluation_period_seconds);

-- One trial: one point of a search space on one workload. Small rows: a score reads this table and `entries`, and
-- nothing else.
CREATE TABLE trials (
  id               INTEGER PRIMARY KEY,
  entry_id         INTEGER NOT NULL REFERENCES entries (id),
  study            INTEGER NOT NULL,
  trial            INTEGER NOT NULL,
  seed             TEXT NOT NULL,      -- decimal: 64 unsigned bits do not fit SQLite's INTEGER
  -- Derived from the rows below, renewed whenever they change (trial_summary.cpp).
  outcome          TEXT,               -- NULL: runs or was interrupted
  evaluation_count INTEGER NOT NULL,   -- superseded ones left out
  last_step        INTEGER NOT NULL,
  last_seconds     REAL,
  milestones       BLOB NOT NULL,      -- milestones.h: the evaluations that were better than all before
  drifted          INTEGER             -- 1: the reference kernels drifted by more than the ruleset allows; NULL: not known
) STRICT;
CREATE INDEX trials_by_place ON trials (entry_id, study, trial);

-- Where a trial came from. A trial is told apart by `identity`, the SHA-256 of its spec and of the first record of
-- its journal, which holds the moment it began: the same directory, moved or copied, is the same trial; a re-run is
-- another one.
CREATE TABLE trial_sources (
  trial_id       INTEGER PRIMARY KEY REFERENCES trials (id),
  identity       TEXT NOT NULL UNIQUE,
  directory      TEXT NOT NULL,     -- where the trial was first folded from
  spec           TEXT NOT NULL CHECK (json_valid(spec)),  -- json_patch(entries.spec, spec) is the whole trial.json
  folded_records INTEGER NOT NULL,  -- how many records of the journal are in this file
  last_record    TEXT NOT NULL      -- SHA-256 of the newest of them, or itself: a journal that was replaced is noticed
) STRICT;

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
  fingerprint            TEXT NOT NULL DEFAULT '',  -- of what the model computes; '': not taken
  isolation              TEXT NOT NULL DEFAULT '',  -- in force: "none" | "process" | "sandbox"; '': not recorded
  UNIQUE (trial_id, ordinal)
) STRICT;

-- One evaluation. Superseded: the trial was resumed from an earlier step and ran this stretch again; kept, but no
-- part of a score.
CREATE TABLE evaluations (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  evaluation_seconds REAL,
  logging_seconds    REAL,
  wall_seconds       REAL,
  training_loss      REAL,
  validation         REAL,  -- of the metric that has the target
  test               REAL,
  more_metrics       TEXT,  -- the others: a JSON object of numbers, or of "nan", "inf", "-inf"; NULL: none
  measured           INTEGER NOT NULL,  -- 1: validation was measured, 2: test, 3: both
  superseded_by      INTEGER REFERENCES attempts (id),
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- All metrics, one a row, for people who ask by SQL.
CREATE VIEW metrics (trial_id, ordinal, name, value) AS
  SELECT v.trial_id, v.ordinal, 'validation/' || e.metric, v.validation
    FROM evaluations v JOIN trials t ON t.id = v.trial_id JOIN entries e ON e.id = t.entry_id WHERE v.measured & 1
  UNION ALL
  SELECT v.trial_id, v.ordinal, 'test/' || e.metric, v.test
    FROM evaluations v JOIN trials t ON t.id = v.trial_id JOIN entries e ON e.id = t.entry_id WHERE v.measured & 2
  UNION ALL
  SELECT v.trial_id, v.ordinal, j.key, j.value FROM evaluations v, json_each(v.more_metrics) j;

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

-- What the trained model makes of a held-out example, at the end of an attempt. The newest of a trial stands.
CREATE TABLE exhibits (
  trial_id INTEGER NOT NULL REFERENCES trials (id),
  ordinal  INTEGER NOT NULL,
  step     INTEGER NOT NULL,
  kind     TEXT NOT NULL,  -- how to draw it: "plan_timeline" …
  content  TEXT NOT NULL,  -- a JSON object
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

-- An attempt that ended while the trial did not: it was, or can be, resumed.
CREATE TABLE interruptions (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  kind               TEXT NOT NULL,     -- "stopped" | "preempted" | "killed"
  signal             INTEGER NOT NULL,  -- 0: none
  sender             TEXT NOT NULL,     -- who sent the signal; '': not known
  message            TEXT NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  unix_seconds       REAL,
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
  clock_data_wait          REAL,  -- one more part; NULL: not measured, it is in clock_submission
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

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

-- The trials a sweep means to run, noted when it begins: what `timetrial watch` counts against.
CREATE TABLE planned_trials (
  directory      TEXT PRIMARY KEY,  -- of the trial
  ruleset        TEXT NOT NULL,
  submission     TEXT NOT NULL,
  workload       TEXT NOT NULL,     -- full name
  budget_seconds REAL NOT NULL,
  jobs           INTEGER NOT NULL,  -- how many run at a time
  unix_seconds   REAL NOT NULL      -- when the newest sweep that plans it began
) STRICT;

-- Every score that was computed from this file, never overwritten. The same score of the same trials by the same
-- program is one row.
CREATE TABLE verdicts (
  id              INTEGER PRIMARY KEY,
  unix_seconds    REAL NOT NULL,
  tool_version    TEXT NOT NULL,
  ruleset         TEXT NOT NULL,     -- label of the trials
  ruleset_version INTEGER NOT NULL,
  options         TEXT NOT NULL CHECK (json_valid(options)),  -- all of them, defaults included
  result          TEXT NOT NULL CHECK (json_valid(result)),   -- as `timetrial score --format json` prints it
  trials          INTEGER NOT NULL,  -- that were scored
  newest_trial    INTEGER NOT NULL,
  digest          TEXT NOT NULL UNIQUE  -- SHA-256 of what was chosen, from which trials, by what, and the result
) STRICT;
