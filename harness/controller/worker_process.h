#pragma once

// One timetrial-worker process on this machine.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/isolation/launch_policy.h"
#include "harness/isolation/launch_report.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

// How a worker ended; signal != 0 means it was killed.
struct WorkerEnd {
  int exit_code = 0;
  int signal = 0;
  std::string message;                 // the worker's own words for an exit code other than 0; may be empty
  std::optional<LaunchReport> report;  // of a worker that was kept apart
};

// Which rank of its trial a worker is; it learns it from its environment.
struct WorkerRank {
  int64_t rank = 0;
  int64_t ranks = 1;
  std::string launch;  // the same for all ranks that are started together, and for no other
};

class WorkerProcess {
 public:
  // `command`: "run", "check" or "null-measurement", of a folder, and what stands behind it. Output is
  // appended to <trial directory>/worker.log, unless `show_output`. The worker gets SIGTERM when this process
  // dies, and is not hit by a Ctrl-C on the terminal: the controller passes it on. With several ranks, those
  // from 1 on write to worker-rank-<rank>.log. `policy`: how it is kept apart; null: not at all. Descriptors
  // of the policy are filled in here, but for those of its namespaces.
  WorkerProcess(const std::string& command, const std::filesystem::path& trial_directory,
                bool show_output = false, const std::vector<std::string>& more_arguments = {},
                const std::optional<WorkerRank>& rank = std::nullopt, const LaunchPolicy* policy = nullptr);
  ~WorkerProcess();  // a worker that still runs is asked to stop and waited for
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;

  std::optional<WorkerEnd> poll();  // empty while it runs
  WorkerEnd wait();
  int end_descriptor() const { return end_.get(); }  // readable once it has ended; -1 where Linux has none
  void request_stop();                               // SIGTERM: checkpoint and exit
  void kill();                                       // SIGKILL

 private:
  WorkerEnd end_from_status(int status);

  pid_t pid_ = -1;
  FileDescriptor end_;
  FileDescriptor message_;  // a file without a name that the worker writes its last words to
  FileDescriptor report_;   // the same of the launcher; invalid without one
};

// The worker lies beside this program.
std::filesystem::path worker_program();

// Whether a signal is raised by a program's own fault. SIGKILL is not: that is a person, a scheduler or the
// kernel out of memory.
bool is_crash(int signal);

// Names a signal for people: "SIGSEGV (segmentation fault)".
std::string describe_signal(int signal);

}  // namespace timetrial
