#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/trial_options.h"
#include "harness/errors/user_error.h"
#include "harness/journal/durable_file.h"
#include "results/exchange/algoperf_export.h"
#include "results/exchange/csv_export.h"
#include "results/store/store.h"

namespace timetrial {

namespace {

class ExportCommand final : public Command {
 public:
  explicit ExportCommand(CLI::App& app) : app_(app) {
    app.require_subcommand(1);
    CLI::App* algoperf = app.add_subcommand("algoperf", "AlgoPerf's layout, which its scorer reads");
    algoperf->add_option("dir", target_, "An empty directory, a new one, or an earlier export")->required();
    algoperf->footer("\nExample:\n  timetrial export algoperf --ruleset algoperf-v0.6-self logs");
    CLI::App* csv = app.add_subcommand("csv", "A tidy table of evaluations and one of trials");
    csv->add_option("evaluations", target_, "File for the table of evaluations")->required();
    csv->add_option("--trials", trials_, "File for the table of trials")->required();
    csv->footer("\nExample:\n  timetrial export csv evals.csv --trials trials.csv");
    for (CLI::App* format : {algoperf, csv}) add_options(*format);
  }

  int run() override {
    const std::vector<TrialResult> trials = chosen_trials();
    if (app_.got_subcommand("algoperf")) {
      const ExportSummary summary = export_algoperf(trials, target_);
      fmt::print("{} trials, {} evaluations: {}\n", summary.trials, summary.evaluations, target_);
      return kExitDone;
    }
    const TidyCsv tables = tidy_csv(trials);
    write_file_durably(std::filesystem::absolute(target_), tables.evaluations);
    write_file_durably(std::filesystem::absolute(trials_), tables.trials);
    fmt::print("evaluations: {}\ntrials: {}\n", target_, trials_);
    return kExitDone;
  }

 private:
  void add_options(CLI::App& app) {
    app.add_option("--db", database_, "Result file (default: results.sqlite of the results folder)");
    app.add_option("--ruleset", ruleset_,
                   "Export the trials of this ruleset (default: the only one there is)");
    app.add_option("--submissions", submissions_, "Only these, by name: A,B")->delimiter(',');
    places_.add_results(app);
  }

  std::vector<TrialResult> chosen_trials() const {
    const std::filesystem::path file = chosen_database(database_, places_.results);
    const Store store = Store::open_read_only(file);
    std::vector<TrialResult> trials = store.trials();
    if (trials.empty())
      throw UserError({"the result file holds no trials", file.string(), "", "run a sweep first"});
    const std::string ruleset = chosen_label(store.ruleset_labels(), ruleset_);
    std::erase_if(trials, [&](const TrialResult& trial) {
      const bool wanted = submissions_.empty() || std::find(submissions_.begin(), submissions_.end(),
                                                            trial.spec.submission) != submissions_.end();
      return trial.spec.ruleset != ruleset || !wanted;
    });
    if (trials.empty()) {
      throw UserError(
          {"no trial is left to export", file.string(), "", "check the names given to --submissions"});
    }
    return trials;
  }

  CLI::App& app_;
  std::string target_;
  std::string trials_;
  std::string database_;
  std::string ruleset_;
  std::vector<std::string> submissions_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_export_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("export", "Write results as AlgoPerf's logs or as tables");
  command->footer("\nImporting an export gives the same scores.");
  return {command, std::make_unique<ExportCommand>(*command)};
}

}  // namespace timetrial
