#include "harness/cluster/time_limit.h"

#include <vector>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

[[noreturn]] void fail(const std::string& text) {
  throw UserError({"this is no time limit", "", text,
                   "write it as for sbatch: minutes, hours:minutes:seconds or days-hours:minutes:seconds"});
}

// Digits between colons.
std::vector<int64_t> parts_of(const std::string& text, const std::string& whole) {
  std::vector<int64_t> parts = {0};
  bool digit = false;
  for (const char c : text) {
    if (c == ':' && digit) {
      parts.push_back(0);
      digit = false;
    } else if (c >= '0' && c <= '9' && parts.back() < 1'000'000) {
      parts.back() = 10 * parts.back() + (c - '0');
      digit = true;
    } else {
      fail(whole);
    }
  }
  if (!digit || parts.size() > 3) fail(whole);
  return parts;
}

}  // namespace

int64_t seconds_of_time_limit(const std::string& text) {
  int64_t seconds = 0;
  if (const size_t dash = text.find('-'); dash != std::string::npos) {
    const std::vector<int64_t> days = parts_of(text.substr(0, dash), text);
    std::vector<int64_t> rest = parts_of(text.substr(dash + 1), text);
    if (days.size() != 1) fail(text);
    rest.resize(3);  // hours first
    seconds = 86400 * days[0] + 3600 * rest[0] + 60 * rest[1] + rest[2];
  } else {
    const std::vector<int64_t> parts = parts_of(text, text);
    if (parts.size() == 1) seconds = 60 * parts[0];
    if (parts.size() == 2) seconds = 60 * parts[0] + parts[1];
    if (parts.size() == 3) seconds = 3600 * parts[0] + 60 * parts[1] + parts[2];
  }
  if (seconds == 0) fail(text);
  return seconds;
}

}  // namespace timetrial
