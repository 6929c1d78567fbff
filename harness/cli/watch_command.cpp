#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/scored_results.h"
#include "harness/cli/slurm_watch.h"
#include "harness/cli/stop_signal.h"
#include "harness/cli/trial_options.h"
#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"
#include "harness/journal/progress.h"
#include "results/tables/sweep_progress.h"

namespace timetrial {

namespace {

class WatchCommand final : public Command {
 public:
  explicit WatchCommand(CLI::App& app) {
    app.add_option("--db", database_, "Result file (default: results.sqlite of the results folder)");
    app.add_option("--ruleset", ruleset_, "Only trials of this ruleset label");
    app.add_option("--interval", interval_seconds_, "Seconds between two looks")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--once", once_, "Look once and return");
    places_.add_results(app);
  }

  int run() override {
    const std::filesystem::path file = chosen_database(database_, places_.results);
    std::optional<Store> store(Store::open_read_only(file));
    SlurmWatch cluster(places_.results, store->progress());
    const bool folds = database_.empty() && cluster.any() && open_for_writing(file, store);
    const bool terminal = ::isatty(STDOUT_FILENO) == 1 && !once_;
    const std::atomic<bool>& stop = stop_on_signals();
    for (;;) {
      const std::string problems = folds ? cluster.fold(*store, once_ ? kFoldAllSeconds : kFoldSeconds) : "";
      const std::vector<TrialProgress> trials = store->progress();
      SweepProgress progress =
          sweep_progress(trials, ruleset_, [](const std::string& folder) { return trial_is_held(folder); });
      for (TrialProgress& trial : progress.running) read_live_page(trial);
      const std::string queued = cluster.text(trials);
      if (terminal) std::fputs("\x1b[H\x1b[J", stdout);  // home, and clear what is below
      fmt::print("{}{}{}", sweep_progress_table(progress), queued, problems);
      std::fflush(stdout);
      if (once_ || progress.total.done == progress.total.trials) return kExitDone;
      if (!wait(stop)) return kExitDone;
      if (!terminal) fmt::print("\n");
    }
  }

 private:
  // At one look. A shared folder of many trials may take longer: the next look goes on.
  static constexpr double kFoldSeconds = 2;
  static constexpr double kFoldAllSeconds = 3600;

  // A result file that is not ours to write is watched all the same.
  static bool open_for_writing(const std::filesystem::path& file, std::optional<Store>& store) {
    try {
      Store writable(file);
      store.emplace(std::move(writable));
      return true;
    } catch (const UserError& error) {
      fmt::print("Nothing is folded: {}\n", error.what());
      return false;
    }
  }

  // The result file knows a running trial as of its last fold; its progress page, where it can be seen from
  // here, is newer.
  static void read_live_page(TrialProgress& trial) {
    const std::optional<Progress> page = read_progress(trial.plan.directory);
    if (!page || page->step < trial.last_step) return;
    trial.last_step = page->step;
    trial.last_seconds = page->submission_seconds;
  }

  bool wait(const std::atomic<bool>& stop) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(interval_seconds_);
    while (std::chrono::steady_clock::now() < until) {
      if (stop.load()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }

  std::string database_;
  std::string ruleset_;
  double interval_seconds_ = 2;
  bool once_ = false;
  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_watch_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("watch", "Show how far a sweep is: trials done, best so far, ETA");
  command->footer("\nExample, in another terminal while a sweep runs:\n  timetrial watch");
  return {command, std::make_unique<WatchCommand>(*command)};
}

}  // namespace timetrial
