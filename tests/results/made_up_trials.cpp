#include "made_up_trials.h"

#include <cstdlib>
#include <stdexcept>

namespace timetrial {

TrialSpec made_up_spec(const MadeUpPlace& place) {
  TrialSpec spec;
  spec.submission = place.submission;
  spec.submission_library = "/submissions/" + place.submission + ".so";
  spec.submission_sha256 = std::string(64, 'a');
  spec.workload = place.workload;
  spec.tier = "mini";
  spec.hyperparameters = {{"learning_rate", 0.001}, {"nesterov", true}, {"schedule", std::string("cosine")}};
  spec.hyperparameter_source = "halton point 1 of 4";
  spec.ruleset = "demo";
  spec.benchmark = "mini";
  spec.hardware_class = "2-core-cpu";
  spec.study = place.study;
  spec.trial = place.trial;
  spec.seed = 12345678901234567;
  spec.target = {"accuracy", MetricGoal::maximize, 0.9, 0.89};
  spec.stop_rule = StopRule::validation_target;
  spec.budget_seconds = 20;
  spec.evaluation_period_seconds = 1;
  spec.step_hint = 3000;
  spec.default_batch_size = 64;
  spec.evaluation_batch_size = 2000;
  spec.data_directory = "/data";
  return spec;
}

StartRecord made_up_start(double unix_seconds) {
  StartRecord start;
  start.unix_seconds = unix_seconds;
  start.data_set_id = "mnist-mini-1";
  start.provenance = {{"build", "Release"}, {"libtorch", "2.11.0"}};
  start.machine = {{"host", "node1"}, {"cpu", "Some CPU"}, {"cores", "2"}};
  start.timer_overhead_seconds = 2e-7;
  start.fingerprint = "0123456789ab";
  return start;
}

EvaluationRecord made_up_evaluation(int64_t step, double seconds, double accuracy) {
  EvaluationRecord evaluation;
  evaluation.step = step;
  evaluation.submission_seconds = seconds;
  evaluation.evaluation_seconds = 0.25 * static_cast<double>(step);
  evaluation.wall_seconds = 1.5 * seconds;
  evaluation.training_loss = 1 - accuracy;
  evaluation.metrics = {{"validation/accuracy", accuracy}, {"validation/loss", 1 - accuracy}};
  return evaluation;
}

OutcomeRecord made_up_outcome(Outcome outcome, int64_t step, double seconds) {
  OutcomeRecord record;
  record.outcome = outcome;
  record.message = "made up";
  record.step = step;
  record.submission_seconds = seconds;
  record.unix_seconds = 2000;
  record.clock = {0.5,   0.75 * seconds, 0.25 * seconds, 0.25 * seconds,
                  0.125, 0.25,           0.0625,         0.9375 + 1.25 * seconds};
  record.parameters_hash = "1234abcd";
  record.peak_memory_bytes = 1 << 28;
  return record;
}

TrialResult made_up_trial(const MadeUpPlace& place,
                          const std::vector<std::pair<double, double>>& evaluations) {
  TrialResult trial;
  trial.spec = made_up_spec(place);
  trial.directory = "/results/" + trial_path(trial.spec).string();
  trial.starts = {made_up_start()};
  for (const auto& [seconds, accuracy] : evaluations) {
    const auto step = 10 * (static_cast<int64_t>(trial.evaluations.size()) + 1);
    trial.evaluations.push_back(made_up_evaluation(step, seconds, accuracy));
  }
  const double seconds = evaluations.empty() ? 0 : evaluations.back().first;
  trial.outcome = {made_up_outcome(Outcome::budget_exhausted, 10 * std::ssize(evaluations), seconds)};
  return trial;
}

ScratchDirectory::ScratchDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "timetrial-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_trial(const std::filesystem::path& directory, const TrialSpec& spec,
                 const std::vector<JournalRecord>& records) {
  if (!std::filesystem::exists(directory)) {
    std::filesystem::create_directories(directory);
    write_trial_spec(directory, spec);
  }
  JournalWriter writer(directory);
  for (const JournalRecord& record : records) writer.append(record);
}

}  // namespace timetrial
