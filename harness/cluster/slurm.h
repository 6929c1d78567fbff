#pragma once

// What timetrial asks of SLURM: every call of sbatch, squeue and scontrol is made here, by its words, without
// a shell. All throw UserError when SLURM is absent, does not answer, or refuses, in its own words.

#include <cstdint>
#include <string>
#include <vector>

namespace timetrial {

struct QueuedTask {
  std::string job_name;
  std::string array_job;    // id
  int64_t array_task = -1;  // -1: no task of an array
  std::string state;        // SLURM's name: "PENDING", "RUNNING", "COMPLETING" …
  int64_t restarts = 0;
  std::string reason;  // why it waits
};

class Slurm {
 public:
  // The id of the job. `arguments`: behind "sbatch --parsable".
  std::string submit(const std::vector<std::string>& arguments) const;

  // Tasks of jobs of these names that wait, run or are just ending; of this user or anybody.
  std::vector<QueuedTask> queue(const std::vector<std::string>& job_names) const;

  // State of one job or task ("17", "17_3"); "" once SLURM has forgotten it.
  std::string state_of(const std::string& job) const;

  // Ends the job, if it runs, and has it wait for a place again.
  void requeue(const std::string& job) const;

  // Tasks of an array are numbered below this.
  int64_t max_array_size() const;
};

// Lines of "squeue -h -r -O <kQueueFields>". Pure; throws UserError for what it cannot read.
inline constexpr const char* kQueueFields =
    "Name:120,ArrayJobID:24,ArrayTaskID:24,State:24,RestartCnt:12,Reason:60";
std::vector<QueuedTask> queue_from_text(const std::string& text);

}  // namespace timetrial
