#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/data_preparation.h"
#include "harness/cli/trial_options.h"
#include "workloads/preparation.h"

namespace timetrial {

namespace {

class PrepareCommand final : public Command {
 public:
  explicit PrepareCommand(CLI::App& app) {
    app.add_option("workload", workloads_, "Workloads (default: all)");
    app.add_option("--tier", tier_,
                   "mini: made from packages of Debian and PyPI; full: checks the data you brought")
        ->check(CLI::IsMember({"full", "mini"}))
        ->capture_default_str();
    app.add_flag("--pack", pack_,
                 "Also write one file for each split (imagenet), for disks slow with small files");
    places_.add_data(app);
  }

  int run() override {
    if (workloads_.empty()) workloads_ = preparable_workloads();
    for (const std::string& workload : workloads_) {
      if (tier_ == "mini")
        prepare_mini_data_set(workload, places_.data);
      else
        check_full_data_set(workload, places_.data);
      if (pack_) pack_data_set(workload, tier_, places_.data);
    }
    return kExitDone;
  }

 private:
  std::vector<std::string> workloads_;
  std::string tier_ = "mini";
  bool pack_ = false;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_prepare_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("prepare", "Make the mini data sets, or check a full one");
  command->footer(
      "\nExamples:\n  timetrial prepare --tier mini\n  timetrial prepare criteo1tb --tier full --data /data");
  return {command, std::make_unique<PrepareCommand>(*command)};
}

}  // namespace timetrial
