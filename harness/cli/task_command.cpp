#include "harness/cli/command.h"
#include "harness/cli/stop_signal.h"
#include "harness/cli/trial_options.h"
#include "harness/cluster/cluster_task.h"

namespace timetrial {

namespace {

// What the job script of a SLURM sweep calls; nothing for a person to type.
class TaskCommand final : public Command {
 public:
  explicit TaskCommand(CLI::App& app) {
    app.add_option("sweep", sweep_, "Id of the sweep")->required();
    app.add_option("place", place_, "Place of the trial in its plan, from 0")->required();
    places_.add_results(app);
  }

  int run() override {
    const SweepPlan plan = read_sweep_plan(places_.results, sweep_);
    const TaskEnd end = run_cluster_task(places_.results, plan, place_, Slurm(), stop_on_every_signal());
    return end == TaskEnd::done ? kExitDone : kExitInterrupted;
  }

 private:
  std::string sweep_;
  int64_t place_ = 0;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_task_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("task", "Run one trial of a sweep on a cluster; called by its job script");
  command->group("");
  return {command, std::make_unique<TaskCommand>(*command)};
}

}  // namespace timetrial
