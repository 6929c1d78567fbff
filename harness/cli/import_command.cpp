#include <cstdio>

#include "harness/cli/command.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/trial_options.h"
#include "harness/controller/contest_rules.h"
#include "results/exchange/algoperf_import.h"
#include "results/exchange/csv_import.h"
#include "results/store/store.h"

namespace timetrial {

namespace {

class ImportCommand final : public Command {
 public:
  explicit ImportCommand(CLI::App& app) : app_(app) {
    app.require_subcommand(1);
    CLI::App* algoperf = app.add_subcommand("algoperf", "AlgoPerf's own logs");
    algoperf->add_option("dir", source_, "Directory of a submission, or of several")->required();
    algoperf->footer("\nExample:\n  timetrial import algoperf logs/algoperf_v05 --db algoperf.sqlite");
    CLI::App* csv = app.add_subcommand("csv", "A tidy table of evaluations (columns: README.md)");
    csv->add_option("evaluations", source_, "Table of evaluations, also as .gz")->required();
    csv->add_option("--trials", trials_, "Table of trials, also as .gz: tells of trials without evaluations");
    csv->footer(
        "\nExample:\n  timetrial import csv evals.csv.gz --trials trials.csv --ruleset algoperf-v0.6-self");
    for (CLI::App* format : {algoperf, csv}) add_options(*format);
  }

  int run() override {
    const std::vector<ImportRules> candidates = import_candidates(ruleset_, hardware_class_);
    PreparedImport prepared = app_.got_subcommand("algoperf") ? read_algoperf(source_, candidates)
                                                              : read_csv(source_, trials_file(), candidates);
    Store store(database_file());
    const ImportSummary summary = store_trials(std::move(prepared), store);
    const std::string text =
        format_ == "json" ? import_summary_json(summary) + "\n" : import_summary_text(summary, verbose_);
    std::fputs(text.c_str(), stdout);
    return summary.left_something_out() ? kExitTrouble : kExitDone;
  }

 private:
  void add_options(CLI::App& app) {
    app.add_option("--db", database_, "Result file (default: results.sqlite of the results folder)");
    app.add_option("--ruleset", ruleset_, "Name or JSON file of a ruleset (default: told by the logs)");
    app.add_option("--hardware-class", hardware_class_, "Of the machine (default: the benchmark's)");
    app.add_option("--format", format_, "Of the summary: text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_flag("--verbose", verbose_, "Print every place of every oddity");
    places_.add_results(app);
  }

  std::optional<std::filesystem::path> trials_file() const {
    return trials_.empty() ? std::nullopt : std::optional<std::filesystem::path>(trials_);
  }

  // A results folder need not be there yet, as with a sweep.
  std::filesystem::path database_file() const {
    if (!database_.empty()) return database_;
    std::error_code ignored;  // opening the file reports what matters
    std::filesystem::create_directories(places_.results, ignored);
    return result_file(places_.results);
  }

  CLI::App& app_;
  std::string source_;
  std::string trials_;
  std::string database_;
  std::string ruleset_;
  std::string hardware_class_;
  std::string format_ = "text";
  bool verbose_ = false;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_import_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("import", "Bring results of AlgoPerf or any other harness");
  command->footer("\nImporting again adds what is new and changes nothing else.");
  return {command, std::make_unique<ImportCommand>(*command)};
}

}  // namespace timetrial
