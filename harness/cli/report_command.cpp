#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/report_file.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/trial_options.h"

namespace timetrial {

namespace {

class ReportCommand final : public Command {
 public:
  explicit ReportCommand(CLI::App& app) {
    choice_.add(app);
    app.add_option("--out", file_, "HTML file (default: report.html in the results folder)");
    app.add_option("--csv", numbers_, "Folder for the numbers behind every figure, one CSV file each");
    places_.add_results(app);
  }

  int run() override {
    const ScoredResults scored = score_results(choice_, places_.results);
    const std::filesystem::path file =
        file_.empty() ? std::filesystem::path(places_.results) / "report.html" : std::filesystem::path(file_);
    write_report_file(scored, file, numbers_);
    fmt::print("{}\n", std::filesystem::absolute(file).string());
    return kExitDone;
  }

 private:
  ScoreChoice choice_;
  std::string file_;
  std::string numbers_;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_report_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("report", "Write one self-contained HTML file: scores, profiles, curves, machines");
  command->footer("\nExample:\n  timetrial report --out report.html --csv numbers/");
  return {command, std::make_unique<ReportCommand>(*command)};
}

}  // namespace timetrial
