-- Version 1 -> 2: small trial rows beside entries and sources, evaluations with the target's metric in columns.
-- What is derived is filled in by migration_2.cpp.

CREATE TABLE entries (
  id                        INTEGER PRIMARY KEY,
  submission_id             INTEGER NOT NULL REFERENCES submissions (id),
  workload                  TEXT NOT NULL,
  variant                   TEXT NOT NULL,
  tier                      TEXT NOT NULL,
  ruleset                   TEXT NOT NULL,
  ruleset_version           INTEGER NOT NULL,
  benchmark                 TEXT NOT NULL,
  hardware_class            TEXT NOT NULL,
  metric                    TEXT NOT NULL,
  minimize                  INTEGER NOT NULL CHECK (minimize IN (0, 1)),
  validation_target         REAL,
  test_target               REAL,
  budget_seconds            REAL NOT NULL,
  evaluation_period_seconds REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_everything ON entries (
  submission_id, workload, variant, tier, ruleset, ruleset_version, benchmark, hardware_class, metric, minimize,
  ifnull(validation_target, 'none'), ifnull(test_target, 'none'), budget_seconds, evaluation_period_seconds);

CREATE TABLE trials_2 (
  id               INTEGER PRIMARY KEY,
  entry_id         INTEGER NOT NULL REFERENCES entries (id),
  study            INTEGER NOT NULL,
  trial            INTEGER NOT NULL,
  seed             TEXT NOT NULL,
  outcome          TEXT,
  evaluation_count INTEGER NOT NULL,
  last_step        INTEGER NOT NULL,
  last_seconds     REAL,
  milestones       BLOB NOT NULL
) STRICT;

CREATE TABLE trial_sources (
  trial_id       INTEGER PRIMARY KEY REFERENCES trials (id),
  identity       TEXT NOT NULL UNIQUE,
  directory      TEXT NOT NULL,
  spec           TEXT NOT NULL CHECK (json_valid(spec)),
  folded_records INTEGER NOT NULL,
  last_record    TEXT NOT NULL
) STRICT;

CREATE TABLE evaluations_2 (
  trial_id           INTEGER NOT NULL REFERENCES trials (id),
  ordinal            INTEGER NOT NULL,
  step               INTEGER NOT NULL,
  submission_seconds REAL,
  evaluation_seconds REAL,
  logging_seconds    REAL,
  wall_seconds       REAL,
  training_loss      REAL,
  validation         REAL,
  test               REAL,
  more_metrics       TEXT,
  measured           INTEGER NOT NULL,
  superseded_by      INTEGER REFERENCES attempts (id),
  PRIMARY KEY (trial_id, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO evaluations_2
  SELECT v.trial_id, v.ordinal, v.step, v.submission_seconds, v.evaluation_seconds, v.logging_seconds, v.wall_seconds,
         v.training_loss,
         (SELECT m.value FROM metrics m WHERE m.evaluation_id = v.id AND m.name = 'validation/' || (t.spec ->> 'metric')),
         (SELECT m.value FROM metrics m WHERE m.evaluation_id = v.id AND m.name = 'test/' || (t.spec ->> 'metric')),
         (SELECT json_group_object(m.name, CASE WHEN m.value IS NULL THEN 'nan' WHEN m.value = 9e999 THEN 'inf'
                                                WHEN m.value = -9e999 THEN '-inf' ELSE m.value END)
            FROM metrics m WHERE m.evaluation_id = v.id
              AND m.name NOT IN ('validation/' || (t.spec ->> 'metric'), 'test/' || (t.spec ->> 'metric'))),
         EXISTS (SELECT 1 FROM metrics m WHERE m.evaluation_id = v.id AND m.name = 'validation/' || (t.spec ->> 'metric'))
           + 2 * EXISTS (SELECT 1 FROM metrics m WHERE m.evaluation_id = v.id AND m.name = 'test/' || (t.spec ->> 'metric')),
         v.superseded_by
    FROM evaluations v JOIN trials t ON t.id = v.trial_id;
UPDATE evaluations_2 SET more_metrics = NULL WHERE more_metrics = '{}';

DROP TABLE metrics;
DROP TABLE evaluations;
ALTER TABLE evaluations_2 RENAME TO evaluations;

CREATE TABLE planned_trials (
  directory      TEXT PRIMARY KEY,
  ruleset        TEXT NOT NULL,
  submission     TEXT NOT NULL,
  workload       TEXT NOT NULL,
  budget_seconds REAL NOT NULL,
  jobs           INTEGER NOT NULL,
  unix_seconds   REAL NOT NULL
) STRICT;

CREATE TABLE verdicts (
  id              INTEGER PRIMARY KEY,
  unix_seconds    REAL NOT NULL,
  tool_version    TEXT NOT NULL,
  ruleset         TEXT NOT NULL,
  ruleset_version INTEGER NOT NULL,
  options         TEXT NOT NULL CHECK (json_valid(options)),
  result          TEXT NOT NULL CHECK (json_valid(result)),
  trials          INTEGER NOT NULL,
  newest_trial    INTEGER NOT NULL,
  digest          TEXT NOT NULL UNIQUE
) STRICT;

ALTER TABLE outcomes ADD COLUMN clock_data_wait REAL;
