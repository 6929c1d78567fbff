#include "million_trials.h"

#include <cmath>
#include <string>

#include "harness/random/split_mix.h"
#include "results/scoring/milestones.h"
#include "results/store/entry_rows.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace timetrial {

namespace {

TrialSpec spec_of(int64_t submission, int64_t workload) {
  TrialSpec spec;
  spec.submission = "submission_" + std::to_string(submission);
  spec.submission_sha256 = std::string(64, '0');
  spec.workload = "workload_" + std::to_string(workload);
  spec.tier = "full";
  spec.ruleset = "large";
  spec.benchmark = "large";
  spec.hardware_class = "made-up";
  spec.target = {"loss", MetricGoal::minimize, 0.5, 0.5};
  spec.budget_seconds = 1000;
  spec.evaluation_period_seconds = 100;
  spec.default_batch_size = 1;
  spec.evaluation_batch_size = 1;
  return spec;
}

// The rows that a fold would write, without reading a million journals.
class TrialRows {
 public:
  TrialRows(Database& database, int64_t evaluations) : database_(database), evaluations_(evaluations) {}

  void add(int64_t entry, const TrialSpec& spec, double seconds_to_target) {
    MilestoneFinder finder(MetricGoal::minimize);
    const int64_t id = ++trials_;
    for (int64_t i = 0; i < evaluations_; ++i) {
      const double share = static_cast<double>(i + 1) / static_cast<double>(evaluations_);
      finder.add(100 * (i + 1), seconds_to_target * share, 1 - 0.5 * share);
    }
    Statement(database_,
              "INSERT INTO trials (id, entry_id, study, trial, seed, outcome, evaluation_count, last_step, "
              "last_seconds, milestones) VALUES (?1, ?2, ?3, ?4, '1', 'target_reached', ?5, ?6, ?7, ?8)")
        .bind(id, entry, spec.study, spec.trial, evaluations_, 100 * evaluations_, seconds_to_target,
              Blob{pack_milestones(finder.milestones())})
        .run();
    Statement(
        database_,
        "INSERT INTO trial_sources (trial_id, identity, directory, spec, folded_records, last_record) VALUES "
        "(?1, ?2, ?3, ?4, 1, '')")
        .bind(id, std::to_string(id), "/trials/" + std::to_string(id), trial_spec_to_json(spec))
        .run();
    for (int64_t i = 0; i < evaluations_; ++i) {
      const double share = static_cast<double>(i + 1) / static_cast<double>(evaluations_);
      Statement(database_,
                "INSERT INTO evaluations (trial_id, ordinal, step, submission_seconds, validation, measured) "
                "VALUES "
                "(?1, ?2, ?3, ?4, ?5, 1)")
          .bind(id, i + 1, 100 * (i + 1), seconds_to_target * share, 1 - 0.5 * share)
          .run();
    }
  }

 private:
  Database& database_;
  int64_t evaluations_;
  int64_t trials_ = 0;
};

}  // namespace

void write_large_field(const std::filesystem::path& file, const LargeField& field) {
  { const Store store(file); }  // makes the tables
  Database database(file, OpenMode::read_write_create, std::chrono::seconds(1));
  Transaction transaction(database, Transaction::Kind::write);
  TrialRows rows(database, field.evaluations);
  uint64_t random = 1;
  for (int64_t submission = 0; submission < field.submissions; ++submission) {
    for (int64_t workload = 0; workload < field.workloads; ++workload) {
      TrialSpec spec = spec_of(submission, workload);
      const int64_t entry = find_or_add_entry(database, spec);
      for (spec.study = 0; spec.study < field.studies; ++spec.study) {
        for (spec.trial = 0; spec.trial < field.trials_per_study; ++spec.trial) {
          random += kSplitMixIncrement;
          const double noise = static_cast<double>(split_mix_bits(random) >> 11) * 0x1p-53;
          rows.add(entry, spec, (100 + static_cast<double>(submission)) * std::exp(noise));
        }
      }
    }
  }
  transaction.commit();
}

}  // namespace timetrial
