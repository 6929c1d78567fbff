#include <cstdio>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/data_preparation.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/report_file.h"
#include "harness/cli/trial_options.h"
#include "harness/errors/user_error.h"
#include "harness/machine/machine.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

constexpr const char* kSubmissions[] = {"adamw", "nesterov_momentum", "sync_free_adamw"};

// Where a build tree and an installation keep our own submissions.
std::filesystem::path own_submissions() {
  for (const char* place : {"../submissions", "../share/timetrial/submissions"}) {
    const std::filesystem::path folder = program_folder() / place;
    if (std::filesystem::exists(folder)) return std::filesystem::canonical(folder);
  }
  throw UserError({"our own submissions are not there", program_folder().string(), "",
                   "run ./dev build, or install again"});
}

class DemoCommand final : public Command {
 public:
  explicit DemoCommand(CLI::App& app) {
    app.add_flag("--quick", quick_, "One study of one trial each: under two minutes, too few for a ranking");
    trial_options_.add_memory(app);
    places_.add_data(app);
    places_.add_results(app);
    places_.results += "/demo";
  }

  int run() override {
    const Ruleset ruleset = load_ruleset(quick_ ? "demo-quick" : "demo");
    for (const std::string& workload : ruleset.workloads) prepare_mini_data_set(workload, places_.data);
    std::fflush(stdout);

    std::vector<std::vector<TrialSpec>> by_submission;
    for (const char* name : kSubmissions) {
      const SubmissionReference submission =
          find_submission((own_submissions() / name).string() + ".so", "", /*mini_tier=*/true);
      by_submission.push_back(
          make_trial_specs(ruleset, submission, {}, trial_options_.run_options(places_, 1)));
    }
    const int code = run_planned_sweep(interleave(by_submission), places_.results, 1);
    if (code == kExitInterrupted) return code;

    ScoreChoice choice;
    choice.ruleset = by_submission.front().front().ruleset;  // a label where options set the trials apart
    const ScoredResults scored = score_results(choice, places_.results);
    const std::filesystem::path report = std::filesystem::path(places_.results) / "report.html";
    write_report_file(scored, report);
    fmt::print("\n{}\nReport: {}\n", score_table(scored.score, scored.uncertainty),
               std::filesystem::absolute(report).string());
    return code;
  }

 private:
  bool quick_ = false;
  TrialOptions trial_options_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_demo_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("demo", "Sweep three optimizers over two workloads on real data, score, report");
  return {command, std::make_unique<DemoCommand>(*command)};
}

}  // namespace timetrial
