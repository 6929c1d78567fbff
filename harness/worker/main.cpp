// timetrial-worker: runs one trial. Started by `timetrial`, or by hand on a trial directory.

#include <csignal>
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/file_descriptor.h"
#include "harness/journal/lease_file.h"
#include "harness/journal/worker_exit.h"
#include "harness/strict/peer.h"
#include "harness/worker/contract_check.h"
#include "harness/worker/export_graphs_command.h"
#include "harness/worker/fingerprint_command.h"
#include "harness/worker/measure_command.h"
#include "harness/worker/null_measurement_command.h"
#include "harness/worker/optimizer_trace_command.h"
#include "harness/worker/provenance.h"
#include "harness/worker/search_plans_command.h"
#include "harness/worker/trial_evaluator.h"
#include "harness/worker/trial_runner.h"
#include "workloads/workload.h"

namespace {

timetrial::StopRequest stop;

void request_stop(int signal, siginfo_t* info, void* /*context*/) {
  stop.signal.store(signal);
  stop.sender.store(info->si_pid);
  stop.asked.store(true);
}

void stop_on(int signal) {
  struct sigaction action {};
  action.sa_sigaction = request_stop;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

// stderr may be a log on a full disk.
void tell(const std::string& message, int descriptor) {
  std::fprintf(stderr, "%s\n", message.c_str());
  if (descriptor >= 0) timetrial::write_all(descriptor, message);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace timetrial;
  CLI::App app("Runs one trial of a training algorithm; started by `timetrial`.", "timetrial-worker");
  app.require_subcommand(1);
  std::string directory;
  CLI::App* run = app.add_subcommand("run", "Run or resume the trial of a directory");
  run->add_option("trial_directory", directory, "Holds trial.json")->required();
  std::string isolation = "none";
  run->add_option("--isolation", isolation, "How this process is kept apart, for the record")
      ->capture_default_str();
  int peer = -1;
  int memory = -1;
  CLI::App* train = app.add_subcommand("train", "In strict mode: train for the evaluator of the trial");
  CLI::App* evaluate = app.add_subcommand("evaluate", "In strict mode: run the trial, with a trainer");
  for (CLI::App* side : {train, evaluate}) {
    side->add_option("trial_directory", directory, "Holds trial.json")->required();
    side->add_option("--peer", peer, "Open socket to the other process")->required();
    side->add_option("--memory", memory, "Open file that both share")->required();
  }
  CLI::App* check = app.add_subcommand("check", "Verify a submission's contract on the trial of a directory");
  check->add_option("trial_directory", directory, "Holds trial.json")->required();
  CLI::App* describe = app.add_subcommand("describe", "Print build, versions and workloads");
  const auto run_fingerprint = add_fingerprint_command(app);
  const auto run_optimizer_trace = add_optimizer_trace_command(app);
  const auto run_measure = add_measure_command(app);
  const auto run_export_graphs = add_export_graphs_command(app);
  const auto run_search_plans = add_search_plans_command(app);
  const auto run_null_measurement = add_null_measurement_command(app);
  int message_descriptor = -1;
  for (CLI::App* command : {run, evaluate, check, app.get_subcommand("null-measurement")})
    command->add_option(kWorkerMessageOption, message_descriptor, "Open file for the reason of a failure");
  CLI11_PARSE(app, argc, argv);

  stop_on(SIGINT);
  stop_on(SIGTERM);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write(), like a full disk
  try {
    if (*describe) {
      for (const auto& [name, value] : describe_build()) std::cout << name << ": " << value << "\n";
      for (const std::string& name : workload_names()) std::cout << "workload: " << name << "\n";
      return kWorkerDone;
    }
    if (app.got_subcommand("fingerprint")) return run_fingerprint();
    if (app.got_subcommand("optimizer-trace")) return run_optimizer_trace();
    if (app.got_subcommand("measure-configs")) return run_measure();
    if (app.got_subcommand("export-graphs")) return run_export_graphs();
    if (app.got_subcommand("search-plans")) return run_search_plans();
    if (app.got_subcommand("null-measurement")) return run_null_measurement();
    if (*check) return check_contract(directory, std::cout) ? kWorkerDone : kWorkerCheckFailed;
    const auto run_or_resume = [&] {
      if (*train) return train_for_evaluator(directory, peer, memory, stop);
      if (*evaluate) return run_trial_with_trainer(directory, peer, memory, stop);
      return run_trial(directory, isolation_level_from_string(isolation), stop);
    };
    switch (run_or_resume()) {
      case RunEnd::recorded:
        return kWorkerDone;
      case RunEnd::interrupted:
        return kWorkerInterrupted;
      case RunEnd::rank_lost:
        break;
    }
    return kWorkerRankLost;
  } catch (const TrialHeld& held) {
    tell(held.what(), message_descriptor);
    return kWorkerTrialHeld;
  } catch (const PeerGone& gone) {  // timetrial looks how it ended
    std::fprintf(stderr, "%s\n", gone.what());
    return kWorkerTrainerLost;
  } catch (const UserError& error) {
    tell(error.what(), message_descriptor);
    return kWorkerUserError;
  } catch (const std::exception& error) {
    tell(std::string("internal error: ") + error.what(), message_descriptor);
    return kWorkerInternalError;
  }
}
