#pragma once

// Which tasks of which job arrays run which trials. Pure.

#include <cstdint>
#include <string>
#include <vector>

namespace timetrial {

// Task t of the array runs trial offset + t of the plan.
struct JobArray {
  int64_t offset = 0;
  std::vector<int64_t> tasks;  // ascending

  bool operator==(const JobArray&) const = default;
};

// `trials`: ascending places in the plan. SLURM numbers tasks below `max_array_size`.
std::vector<JobArray> job_arrays(const std::vector<int64_t>& trials, int64_t max_array_size);

// "0-3,7,9-10"
std::string ranges_text(const std::vector<int64_t>& ascending);

}  // namespace timetrial
