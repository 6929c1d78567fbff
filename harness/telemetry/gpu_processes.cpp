#include "harness/telemetry/gpu_processes.h"

#include <algorithm>
#include <iterator>

namespace timetrial {

int64_t other_processes(const std::vector<int64_t>& listed, int64_t own, bool uses_gpu) {
  const auto others = std::ssize(listed) - std::count(listed.begin(), listed.end(), own);
  const bool own_is_hidden = uses_gpu && others == std::ssize(listed);
  return std::max<int64_t>(0, others - (own_is_hidden ? 1 : 0));
}

}  // namespace timetrial
