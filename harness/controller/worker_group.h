#pragma once

// The worker processes of one trial on this machine: one a rank.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "harness/controller/worker_process.h"
#include "harness/isolation/shared_namespaces.h"

namespace timetrial {

struct RankEnd {
  int64_t rank = 0;
  WorkerEnd end;
};

// Which of the ranks' ends tells why the trial ended: when one is gone, the others end for want of it.
// `ends`, one a rank in their order, is not empty. Pure.
RankEnd decisive_end(const std::vector<WorkerEnd>& ends);

class WorkerGroup {
 public:
  // Starts all ranks on the trial of the directory, each kept apart by `policy` (null: not at all). Their
  // sandboxes share a network of their own.
  WorkerGroup(const std::filesystem::path& trial_directory, int64_t ranks,
              const std::vector<std::string>& more_arguments, const LaunchPolicy* policy);

  // Empty until every rank has ended. Ranks that outlive one that failed are killed after a while: they wait
  // for it.
  std::optional<RankEnd> poll();
  void request_stop();
  // Appends a descriptor for each rank that still runs; it is readable once the rank has ended.
  void add_end_descriptors(std::vector<int>& descriptors) const;

 private:
  struct Member {
    WorkerProcess process;
    std::optional<WorkerEnd> end;
    bool killed_here = false;
  };

  bool someone_failed() const;
  void kill_those_left();

  std::optional<SharedNamespaces> shared_;
  std::list<Member> members_;
  std::optional<std::chrono::steady_clock::time_point> failed_since_;
};

}  // namespace timetrial
