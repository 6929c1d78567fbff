#include "harness/worker/openmp_team.h"

#include <unistd.h>

namespace timetrial {

std::set<pid_t> openmp_team() {
  std::set<pid_t> members;
#pragma omp parallel
  {
    const pid_t own = ::gettid();
#pragma omp critical
    members.insert(own);
  }
  return members;
}

}  // namespace timetrial
