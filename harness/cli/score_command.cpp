#include <cstdio>

#include "harness/cli/command.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/trial_options.h"
#include "results/tables/score_csv.h"
#include "results/tables/score_json.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

class ScoreCommand final : public Command {
 public:
  explicit ScoreCommand(CLI::App& app) {
    choice_.add(app);
    app.add_option("--format", format_, "table, json or csv")
        ->check(CLI::IsMember({"table", "json", "csv"}))
        ->capture_default_str();
    places_.add_results(app);
  }

  int run() override {
    const ScoredResults scored = score_results(choice_, places_.results);
    const std::string text = format_ == "json"  ? score_json(scored.score, scored.uncertainty)
                             : format_ == "csv" ? score_csv(scored.score, scored.uncertainty)
                                                : score_table(scored.score, scored.uncertainty);
    std::fputs(text.c_str(), stdout);
    return kExitDone;
  }

 private:
  ScoreChoice choice_;
  std::string format_ = "table";
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_score_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("score", "Score submissions: time to target, performance profile");
  command->footer(
      "\nExamples:\n  timetrial score --format json\n"
      "  timetrial score --target mnist=0.89 --tau-max auto --reference adamw\n"
      "Every score is kept in the result file: timetrial list verdicts.");
  return {command, std::make_unique<ScoreCommand>(*command)};
}

}  // namespace timetrial
