#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/trial_options.h"
#include "harness/controller/worker_process.h"
#include "harness/machine/machine.h"
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
    for (const std::string& warning : noise_warnings()) fmt::print("  warning: {}\n", warning);
    if (!grants_huge_pages()) {
      fmt::print(
          "  warning: the kernel grants no huge pages, so training on the CPU is slower than it need be; "
          "cure: "
          "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled\n");
    }
    fmt::print("\nWorker\n");
    std::fflush(stdout);
    const bool worker_starts = describe_worker();
    fmt::print("\nData sets in {}\n", places_.data);
    for (const std::string& workload : preparable_workloads()) describe_data(workload);
    return worker_starts ? kExitDone : kExitTrouble;
  }

 private:
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
      app.add_subcommand("doctor", "Show machine, build and data sets, and what may spoil the times");
  return {command, std::make_unique<DoctorCommand>(*command)};
}

}  // namespace timetrial
