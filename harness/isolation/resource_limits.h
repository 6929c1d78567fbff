#pragma once

namespace timetrial {

struct LaunchPolicy;

// Limits that the kernel keeps, of the calling process and all it starts: no core files; no file above the
// disk limit; and as many processes and threads of this user as run now, plus kMostTasks. (Address space is
// not limited: CUDA reserves far more of it than memory.) Safe between fork and exec, given the number of
// running tasks.
inline constexpr long kMostTasks = 4096;
void limit_resources(const LaunchPolicy& policy, long running_tasks);

long running_tasks();  // of all users

}  // namespace timetrial
