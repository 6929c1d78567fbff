#pragma once

// The processes below one, and their end.

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace timetrial {

// Children, their children …, as the kernel lists them now; zombies left out, and `spared` with all that is
// below it. `root` itself is not among them.
std::vector<pid_t> processes_below(pid_t root, pid_t spared = -1);

// In the order they were started; orphans that a process adopted as their subreaper are its children too.
std::vector<pid_t> children_of_process(pid_t process);

// Memory that belongs to one process alone, in bytes: what is resident and not shared. 0 when it has ended.
int64_t own_resident_bytes(pid_t process);

// Kills everything below this process, which must be a subreaper, and reaps it. Returns how many there were
// at first. Processes that start others while they are killed are stopped first; gives up after `seconds`.
int64_t end_processes_below_us(double seconds);

// Stops them, and returns once none of their threads runs any more, those included that they started
// meanwhile. Throws UserError when that takes longer than so many seconds.
std::vector<pid_t> stop_processes_below(pid_t root, pid_t spared, double seconds);
void continue_processes(const std::vector<pid_t>& processes);

}  // namespace timetrial
