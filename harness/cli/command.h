#pragma once

// A subcommand of `timetrial`: one file each, registered in main.cpp. A command parses nothing itself; CLI11
// fills its options, then run() does the work and returns the exit code.

#include <memory>

#include <CLI/CLI.hpp>

namespace timetrial {

// Documented in `timetrial --help` and README.md.
inline constexpr int kExitDone = 0;
inline constexpr int kExitTrouble =
    1;  // done, but a trial diverged, failed, hung or crashed; a check failed; doctor found something
inline constexpr int kExitUserError = 2;     // nothing was done wrong that you cannot cure: read the message
inline constexpr int kExitInternal = 70;     // a bug of ours
inline constexpr int kExitInterrupted = 75;  // stopped; the same command resumes

class Command {
 public:
  virtual ~Command() = default;
  virtual int run() = 0;
};

// Each adds its subcommand with options to `app` and returns the command it belongs to.
struct RegisteredCommand {
  CLI::App* app;
  std::unique_ptr<Command> command;
};

RegisteredCommand add_check_command(CLI::App& app);
RegisteredCommand add_demo_command(CLI::App& app);
RegisteredCommand add_doctor_command(CLI::App& app);
RegisteredCommand add_export_command(CLI::App& app);
RegisteredCommand add_import_command(CLI::App& app);
RegisteredCommand add_list_command(CLI::App& app);
RegisteredCommand add_prepare_command(CLI::App& app);
RegisteredCommand add_report_command(CLI::App& app);
RegisteredCommand add_run_command(CLI::App& app);
RegisteredCommand add_score_command(CLI::App& app);
RegisteredCommand add_sweep_command(CLI::App& app);
RegisteredCommand add_task_command(CLI::App& app);
RegisteredCommand add_watch_command(CLI::App& app);

}  // namespace timetrial
