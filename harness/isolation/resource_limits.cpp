#include "harness/isolation/resource_limits.h"

#include <algorithm>
#include <fstream>
#include <string>

#include <sys/resource.h>

#include "harness/isolation/launch_policy.h"

namespace timetrial {

namespace {

// Never above what is allowed already.
void lower_limit(__rlimit_resource_t resource, rlim_t value) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max = std::min(value, limit.rlim_max);
  ::setrlimit(resource, &limit);
}

}  // namespace

long running_tasks() {
  // "0.20 0.18 0.12 1/80 11206": the fourth word is runnable/all.
  std::ifstream stream("/proc/loadavg");
  std::string word;
  for (int i = 0; i < 4; ++i) stream >> word;
  const size_t slash = word.find('/');
  return slash == std::string::npos ? 0 : std::atol(word.c_str() + slash + 1);
}

void limit_resources(const LaunchPolicy& policy, long tasks) {
  lower_limit(RLIMIT_CORE, 0);
  if (policy.disk_bytes > 0) lower_limit(RLIMIT_FSIZE, static_cast<rlim_t>(policy.disk_bytes));
  lower_limit(RLIMIT_NPROC, static_cast<rlim_t>(tasks + kMostTasks));
}

}  // namespace timetrial
