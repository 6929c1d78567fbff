#include <cstdio>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/trial_options.h"
#include "results/store/store.h"
#include "results/tables/null_measurement_list.h"
#include "results/tables/trial_list.h"
#include "results/tables/verdict_list.h"
#include "tuning/ruleset.h"
#include "workloads/preparation.h"

namespace timetrial {

namespace {

class ListCommand final : public Command {
 public:
  explicit ListCommand(CLI::App& app) {
    app.add_option("what", what_, "trials, verdicts, null-measurements, rulesets, benchmarks or workloads")
        ->check(
            CLI::IsMember({"trials", "verdicts", "null-measurements", "rulesets", "benchmarks", "workloads"}))
        ->capture_default_str();
    app.add_option("--db", database_, "Result file (default: results.sqlite of the results folder)");
    app.add_option("--format", format_,
                   "Of trials, verdicts and null-measurements: table, json or csv (not of verdicts)")
        ->check(CLI::IsMember({"table", "json", "csv"}))
        ->capture_default_str();
    places_.add_results(app);
  }

  int run() override {
    if (what_ == "trials") list_all_trials();
    if (what_ == "verdicts") list_all_verdicts();
    if (what_ == "null-measurements") list_null_measurements();
    if (what_ == "rulesets") list_rulesets();
    if (what_ == "benchmarks") {
      for (const std::string& name : builtin_benchmarks()) fmt::print("{}\n", name);
    }
    if (what_ == "workloads") {
      for (const std::string& name : preparable_workloads()) fmt::print("{}\n", name);
    }
    return kExitDone;
  }

 private:
  void list_all_trials() const {
    const Store store = Store::open_read_only(chosen_database(database_, places_.results));
    const std::vector<TrialLine> lines = list_trials(store.trials(), is_running);
    const std::string text = format_ == "json"  ? trial_json(lines) + "\n"
                             : format_ == "csv" ? trial_csv(lines)
                                                : trial_table(lines);
    std::fputs(text.c_str(), stdout);
  }

  void list_all_verdicts() const {
    const Store store = Store::open_read_only(chosen_database(database_, places_.results));
    const std::string text =
        format_ == "json" ? verdict_json(store.verdicts()) : verdict_table(store.verdicts());
    std::fputs(text.c_str(), stdout);
  }

  // What the harness itself cost when a sweep began.
  void list_null_measurements() const {
    const Store store = Store::open_read_only(chosen_database(database_, places_.results));
    const std::vector<NullMeasurement> measurements = store.null_measurements();
    const std::string text = format_ == "json"  ? null_measurement_json(measurements)
                             : format_ == "csv" ? null_measurement_csv(measurements)
                                                : null_measurement_table(measurements);
    std::fputs(text.c_str(), stdout);
  }

  static void list_rulesets() {
    for (const std::string& name : builtin_rulesets()) {
      const Ruleset ruleset = load_ruleset(name);
      fmt::print("{:<24} {} studies x {} trials, {} workloads, benchmark {}\n    {}\n", name, ruleset.studies,
                 ruleset.trials_per_study, ruleset.workloads.size(), ruleset.benchmark, ruleset.description);
    }
  }

  std::string what_ = "trials";
  std::string database_;
  std::string format_ = "table";
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_list_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "list", "List trials, verdicts, what the harness costs, rulesets, benchmarks or workloads");
  command->footer("\nExample:\n  timetrial list trials");
  return {command, std::make_unique<ListCommand>(*command)};
}

}  // namespace timetrial
