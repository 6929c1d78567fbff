#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/trial_options.h"
#include "harness/controller/temporary_directory.h"
#include "harness/controller/worker_process.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// A check is over in seconds; a call that takes this long hangs.
constexpr double kStallLimitSeconds = 20;

class CheckCommand final : public Command {
 public:
  explicit CheckCommand(CLI::App& app) {
    app.add_option("submission", submission_, "The submission's .so")->required();
    app.add_option("--search-space", search_space_, "JSON file (default: beside the .so; none: self-tuning)");
    app.add_option("--workload", workload_, "Mini workload to try it on")->capture_default_str();
    app.add_option("--device", device_, "cpu or cuda")->capture_default_str();
    places_.add_data(app);
  }

  int run() override {
    const SubmissionReference submission = find_submission(submission_, search_space_, /*mini_tier=*/true);
    fmt::print("{}\n", submission.library.string());
    std::fflush(stdout);
    Ruleset ruleset = load_ruleset(default_ruleset("mini"));
    if (submission.search_space.empty()) ruleset.tuning = TuningMode::self_tuning;
    RunOptions options;
    options.data_directory = std::filesystem::absolute(places_.data).string();
    options.device = device_;
    TrialSpec spec = make_trial_specs(ruleset, submission, {workload_}, options).front();
    spec.stall_limit_seconds = kStallLimitSeconds;
    const TemporaryDirectory directory;
    write_trial_spec(directory.path(), spec);
    const WorkerEnd end = WorkerProcess("check", directory.path(), /*show_output=*/true).wait();
    if (end.signal != 0) {
      fmt::print(
          "  FAILED  the worker was ended by {} while it ran the submission. To cure it: build it with "
          "-fsanitize=address to find the place\n",
          describe_signal(end.signal));
    }
    const bool passed = end.signal == 0 && end.exit_code == 0;
    if (end.exit_code == kExitUserError) return kExitUserError;
    fmt::print("{}\n", passed ? "All checks passed." : "The submission does not keep the contract yet.");
    return passed ? kExitDone : kExitTrouble;
  }

 private:
  std::string submission_;
  std::string search_space_;
  std::string workload_ = "mnist";
  std::string device_ = "cpu";
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_check_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("check", "Verify a submission: loads, trains, resumes, reads its search space");
  command->footer("\nExample:\n  timetrial check ./my_adamw.so");
  return {command, std::make_unique<CheckCommand>(*command)};
}

}  // namespace timetrial
