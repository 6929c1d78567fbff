#include <chrono>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/trial_options.h"
#include "harness/controller/worker_process.h"
#include "harness/machine/machine.h"
#include "harness/telemetry/disturbances.h"
#include "harness/telemetry/host_reader.h"
#include "harness/telemetry/nvml.h"
#include "harness/version/version.h"
#include "workloads/preparation.h"

namespace timetrial {

namespace {

class DoctorCommand final : public Command {
 public:
  explicit DoctorCommand(CLI::App& app) { places_.add_data(app); }

  int run() override {
    fmt::print("timetrial {} ({}), {}\n\nMachine\n", kVersion, kCommit, kCompiler);
    for (const auto& [name, value] : describe_machine()) fmt::print("  {:<14} {}\n", name, value);
    const bool is_quiet = describe_disturbances();
    fmt::print("\nWorker\n");
    std::fflush(stdout);
    const bool worker_starts = describe_worker();
    fmt::print("\nData sets in {}\n", places_.data);
    for (const std::string& workload : preparable_workloads()) describe_data(workload);
    return worker_starts && is_quiet ? kExitDone : kExitTrouble;
  }

 private:
  // Of the host and of every GPU, each with its cure; whether there is none.
  static bool describe_disturbances() {
    HostFacts facts = read_host_facts("/");
    facts.time_is_synchronised = time_is_synchronised();
    MachineReading now;
    HostReader host;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    host.add_to(now);
    std::vector<Disturbance> found = host_disturbances(facts, now);
    const OpenedNvml nvml = open_nvml();
    if (nvml.library) {
      fmt::print("  {:<14} {}\n", "gpu_driver", driver_version(*nvml.library));
      for (const auto& gpu : all_gpus(nvml.library, /*uses_gpu=*/false)) {
        MachineReading reading;
        gpu->add_to(reading);
        fmt::print("  {:<14} {}\n", "gpu", gpu->name());
        const std::vector<Disturbance> of_gpu = gpu_disturbances(gpu->name(), reading);
        found.insert(found.end(), of_gpu.begin(), of_gpu.end());
      }
    } else {
      fmt::print("  {:<14} none is watched: {}\n", "gpu", nvml.problem);
    }
    fmt::print("\nWhat would disturb a measurement\n");
    if (found.empty()) fmt::print("  nothing that this machine tells of\n");
    for (const auto& [what, cure] : found) fmt::print("  - {}\n      cure: {}\n", what, cure);
    return found.empty();
  }

  static bool describe_worker() {
    const std::string program = worker_program().string();
    const auto start = std::chrono::steady_clock::now();
    const int status = std::system(("'" + program + "' describe").c_str());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (status == 0)
      fmt::print("  starts in {:.2f} s\n", seconds);
    else
      fmt::print("  {} does not start; run ./dev build, or install again\n", program);
    return status == 0;
  }

  void describe_data(const std::string& workload) const {
    const std::filesystem::path folder =
        std::filesystem::path(places_.data) / make_preparation(workload)->data_set();
    for (const char* tier : {"mini", "full"}) {
      const std::filesystem::path data_set = folder / tier;
      const bool ready = std::filesystem::exists(data_set / "manifest.json");
      fmt::print("  {:<16} {:<5} {}\n", workload, tier,
                 ready ? "ready, " + read_manifest(data_set, workload).id
                       : fmt::format("absent: timetrial prepare {} --tier {}", workload, tier));
    }
  }

  PlaceOptions places_;
};

}  // namespace

RegisteredCommand add_doctor_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("doctor", "Show machine, build and data sets, and what would disturb a measurement");
  command->footer("\nExit code 0: nothing would. 1: something would, or the worker does not start.");
  return {command, std::make_unique<DoctorCommand>(*command)};
}

}  // namespace timetrial
