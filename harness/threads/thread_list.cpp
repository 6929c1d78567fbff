#include "harness/threads/thread_list.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace timetrial {

std::optional<ThreadReading> parse_thread_stat(const std::string& line, double ticks_per_second) {
  // The name stands in parentheses and may hold anything, parentheses included.
  const std::size_t open = line.find('(');
  const std::size_t close = line.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  ThreadReading reading;
  reading.name = line.substr(open + 1, close - open - 1);
  std::istringstream before(line.substr(0, open));
  std::istringstream after(line.substr(close + 1));
  std::string skipped;
  double user_ticks = 0;
  double system_ticks = 0;
  before >> reading.key.id;
  for (int field = 3; field < 14; ++field) after >> skipped;
  after >> user_ticks >> system_ticks;
  for (int field = 16; field < 22; ++field) after >> skipped;
  after >> reading.key.start;
  if (!before || !after) return std::nullopt;
  reading.cpu_seconds = (user_ticks + system_ticks) / ticks_per_second;
  return reading;
}

std::vector<ThreadReading> threads_of_this_process() {
  const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::vector<ThreadReading> threads;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::ifstream stream(entry.path() / "stat");
    std::string line;
    if (!std::getline(stream, line)) continue;  // it has just ended
    if (auto reading = parse_thread_stat(line, ticks_per_second)) threads.push_back(std::move(*reading));
  }
  return threads;
}

}  // namespace timetrial
