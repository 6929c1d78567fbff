// timetrial: everything a person types. Links no LibTorch: it starts in milliseconds and scores on any
// laptop.

#include <csignal>
#include <cstdio>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"
#include "harness/errors/user_error.h"
#include "harness/version/version.h"

namespace {

constexpr const char* kFooter = R"(
Examples:
  timetrial demo                                       three optimizers, two workloads, real data: a few minutes
  timetrial prepare --tier mini                        make the small data sets
  timetrial check ./my_adamw.so                        is my submission right?
  timetrial run --workload mnist --tier mini --submission ./my_adamw.so --trial 0
  timetrial sweep --ruleset demo --submission a.so --submission b.so
  timetrial watch                                      how far is the sweep?
  timetrial score && timetrial report

Exit codes: 0 done; 1 done, but a trial diverged, failed, hung, crashed … (or a check failed); 2 a mistake the message
says how to cure; 70 a bug of ours; 75 interrupted, the same command resumes.)";

}  // namespace

int main(int argc, char** argv) {
  using namespace timetrial;
  CLI::App app(
      "Which training algorithm trains neural networks fastest? timetrial runs optimizer submissions on "
      "fixed\n"
      "workloads under fixed rules, measures time to target and scores with performance profiles.",
      "timetrial");
  app.set_version_flag("--version", std::string("timetrial ") + kVersion + " (" + kCommit + ")");
  app.footer(kFooter);
  app.require_subcommand(1);
  std::vector<RegisteredCommand> commands;
  for (auto* add :
       {add_demo_command, add_run_command, add_sweep_command, add_score_command, add_report_command,
        add_watch_command, add_list_command, add_import_command, add_export_command, add_check_command,
        add_prepare_command, add_doctor_command, add_task_command}) {
    commands.push_back(add(app));
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write(), like a full disk
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUserError;
  }
  try {
    for (const RegisteredCommand& registered : commands) {
      if (registered.app->parsed()) return registered.command->run();
    }
  } catch (const UserError& error) {
    std::fprintf(stderr, "timetrial: %s\n", error.what());
    return kExitUserError;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "timetrial: internal error: %s\n", error.what());
    return kExitInternal;
  }
  return kExitInternal;
}
