#include "harness/worker/contract_check.h"

#include <cmath>
#include <ostream>

#include <ATen/Parallel.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/journal/trial_spec.h"
#include "harness/journal/worker_exit.h"
#include "harness/worker/host_allocator.h"
#include "harness/worker/training_session.h"
#include "harness/worker/unread_hyperparameters.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

namespace {

constexpr int kSteps = 5;           // before the state is saved
constexpr int kStepsAfterSave = 3;  // run twice: by the saved and by the loaded submission

void require(bool holds, const std::string& call, const std::string& message) {
  if (!holds) throw SubmissionError(call, message);
}

void train(TrainingSession& session, int steps) {
  StepSurroundings surroundings;
  surroundings.clock.budget_seconds = 60;
  for (int i = 0; i < steps; ++i) session.advance(surroundings);
}

void check_training(TrainingSession& session, const std::string& hash_before) {
  session.losses().settle();
  require(session.losses().consecutive_non_finite() == 0, "update",
          "the training loss was not finite in the first " + std::to_string(kSteps) +
              " steps. To cure it: lower the learning rate of this point, or look for a division by zero in "
              "the update");
  const std::string bad = session.first_non_finite_parameter();
  require(bad.empty(), "update",
          "parameter " + bad + " holds a NaN or an infinity after " + std::to_string(kSteps) +
              " steps. To cure it: look for a division by zero in the update");
  session.require_parameters_in_place();
  require(session.parameters_hash() != hash_before, "update",
          "no parameter changed in " + std::to_string(kSteps) +
              " steps. To cure it: update parameters in place, under at::NoGradGuard");
}

// A resumed submission must go on exactly as the one that was saved.
void check_round_trip(const TrialSpec& spec, Device& device, CallObserver& observer,
                      TrainingSession& session) {
  session.prepare_for_eval();
  session.resume_training();
  Checkpoint checkpoint = session.snapshot();
  for (auto& [name, tensor] : checkpoint.tensors) tensor = tensor.clone();
  train(session, kStepsAfterSave);
  TrainingSession resumed(spec, device, observer);
  resumed.restore(checkpoint);
  train(resumed, kStepsAfterSave);
  require(resumed.parameters_hash() == session.parameters_hash(), "load",
          "a submission that was saved and loaded trains on differently from one that was not. To cure it: "
          "put every "
          "tensor and number that update() changes into save(), and take all of them back in load()");
}

}  // namespace

bool check_contract(const std::filesystem::path& trial_directory, std::ostream& report) {
  const TrialSpec spec = read_trial_spec(trial_directory);
  install_host_allocator(spec);
  if (spec.threads > 0) at::set_num_threads(static_cast<int>(spec.threads));
  const auto passed = [&](const std::string& text) { report << "  ok      " << text << std::endl; };
  const auto failed = [&](const std::string& text) { report << "  FAILED  " << text << std::endl; };
  try {
    open_submission_library(spec.submission_library);
  } catch (const UserError& error) {
    failed(error.what());
    return false;
  }
  passed("loads: submission API version " + std::to_string(kApiVersion) + ", LibTorch " + kLibTorchVersion);

  const std::unique_ptr<Device> device = open_device(spec.device);
  Watchdog watchdog(spec.stall_limit_seconds, nullptr, [&](const char* call, double seconds) {
    failed(std::string(call) + "() did not return for " + std::to_string(static_cast<int>(seconds)) +
           " s. To cure it: look for an endless loop or a deadlock there");
    ::_exit(kWorkerCheckFailed);
  });
  try {
    TrainingSession session(spec, *device, watchdog);
    passed("initializes on " + full_workload_name(spec) + " (" + spec.tier + "), batch size " +
           std::to_string(session.batch_size()));
    const std::string hash_before = session.parameters_hash();
    train(session, kSteps);
    require_all_hyperparameters_read(session.unread_hyperparameters());
    passed(spec.hyperparameters.empty() ? "runs without hyperparameters (self-tuning)"
                                        : "reads every hyperparameter of its search space and no other");
    check_training(session, hash_before);
    passed("trains: finite loss, finite parameters, updated in place");
    check_round_trip(spec, *device, watchdog, session);
    passed("resumes exactly: save, load and " + std::to_string(kStepsAfterSave) +
           " more steps give the same parameters");
  } catch (const SubmissionError& error) {
    failed(error.what());
    return false;
  }
  return true;
}

}  // namespace timetrial
