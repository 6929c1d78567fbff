#pragma once

// A test with a cluster and a results folder of its own.

#include <optional>
#include <string>
#include <vector>

#include "../end_to_end/end_to_end.h"
#include "mini_cluster.h"

namespace timetrial {

class SlurmSweep : public EndToEnd {
 protected:
  void SetUp() override;
  void TearDown() override;

  MiniCluster& cluster() { return *cluster_; }

  // "timetrial sweep … --slurm" of a trial of `steps` steps for each submission; a test failure unless it is
  // taken.
  void submit(const std::vector<std::string>& submissions, int64_t seconds,
              const std::vector<std::string>& more = {});
  std::vector<std::string> sweep_arguments(const std::vector<std::string>& submissions,
                                           int64_t seconds) const;

  // The only sweep there is.
  std::string sweep_id() const;
  std::string only_job() const;  // "17_0": the only task that SLURM knows
  std::string node_of(const std::string& job) const;

  // Waits for four minutes, which a busy machine may need; a test failure otherwise.
  void wait_for_checkpoint(const std::filesystem::path& trial, size_t starts = 1) const;
  void wait_for_outcome(const std::filesystem::path& trial) const;
  void wait_for_empty_queue() const;
  bool patiently(const std::function<bool()>& condition, double seconds = 240) const;

  // All that tasks of the sweep have said.
  std::string task_logs() const;

 private:
  std::optional<MiniCluster> cluster_;
};

// So many starts of attempts, one outcome that is no trouble, no damaged line.
void expect_one_sound_history(const std::filesystem::path& trial, size_t starts);

}  // namespace timetrial
