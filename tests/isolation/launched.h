#pragma once

// Runs a command under the real launcher.

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/isolation/launch_policy.h"
#include "harness/isolation/launch_report.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

class Launched {
 public:
  Launched(LaunchPolicy policy, const std::vector<std::string>& command,
           const std::map<std::string, std::string>& environment = {});
  ~Launched();  // kills a launcher that still runs
  Launched(const Launched&) = delete;
  Launched& operator=(const Launched&) = delete;

  pid_t launcher() const { return process_; }
  void send(int signal) const;
  // Waits a minute at most; then the test fails and the report is empty.
  LaunchReport report();
  std::string output() const;  // stdout and stderr so far

 private:
  FileDescriptor report_;
  FileDescriptor output_;
  pid_t process_ = -1;
};

// What `sh -c` makes of a script under a policy.
std::vector<std::string> shell(const std::string& script);

// False when it does not become true for a minute.
template <typename Condition>
bool becomes_true(Condition condition);

}  // namespace timetrial

#include <chrono>
#include <thread>

#include "../sanitizers/patience.h"

namespace timetrial {

template <typename Condition>
bool becomes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace timetrial
