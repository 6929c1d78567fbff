#include "results/exchange/trial_numbers.h"

#include <algorithm>
#include <set>

namespace timetrial {

std::vector<int64_t> distinct_trial_numbers(const std::vector<int64_t>& wanted) {
  std::vector<int64_t> given;
  std::set<int64_t> taken;
  int64_t next = wanted.empty() ? 0 : *std::max_element(wanted.begin(), wanted.end()) + 1;
  for (const int64_t number : wanted) given.push_back(taken.insert(number).second ? number : next++);
  return given;
}

std::vector<int64_t> missing_trial_numbers(const std::vector<int64_t>& wanted) {
  constexpr int64_t kMost = 1000;  // a directory with a huge number is no hint of as many missing ones
  const std::set<int64_t> present(wanted.begin(), wanted.end());
  std::vector<int64_t> missing;
  if (present.empty()) return missing;
  for (int64_t number = 1; number < std::min(*present.rbegin(), kMost); ++number) {
    if (present.count(number) == 0) missing.push_back(number);
  }
  return missing;
}

}  // namespace timetrial
