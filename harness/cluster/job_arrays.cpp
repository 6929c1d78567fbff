#include "harness/cluster/job_arrays.h"

namespace timetrial {

std::vector<JobArray> job_arrays(const std::vector<int64_t>& trials, int64_t max_array_size) {
  std::vector<JobArray> arrays;
  for (const int64_t trial : trials) {
    const int64_t offset = trial / max_array_size * max_array_size;
    if (arrays.empty() || arrays.back().offset != offset) arrays.push_back({offset, {}});
    arrays.back().tasks.push_back(trial - offset);
  }
  return arrays;
}

std::string ranges_text(const std::vector<int64_t>& ascending) {
  std::string text;
  for (size_t first = 0; first < ascending.size();) {
    size_t last = first;
    while (last + 1 < ascending.size() && ascending[last + 1] == ascending[last] + 1) ++last;
    if (!text.empty()) text += ",";
    text += std::to_string(ascending[first]);
    if (last > first) text += "-" + std::to_string(ascending[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace timetrial
