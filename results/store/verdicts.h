#pragma once

// The scores that were computed from a result file, kept with everything they depend on and never
// overwritten.

#include <cstdint>
#include <string>
#include <vector>

#include "results/store/sqlite.h"

namespace timetrial {

struct Verdict {
  int64_t id = 0;           // given by the file
  double unix_seconds = 0;  // when it was computed
  std::string tool_version;
  std::string ruleset;  // label of the trials
  int64_t ruleset_version = 1;
  std::string options;  // JSON: all scoring options, defaults included
  std::string result;   // JSON: what `timetrial score --format json` prints
  int64_t trials = 0;   // that were scored
  int64_t newest_trial = 0;
};

// One transaction. False when the file holds the same verdict (all but the time equal) already.
bool add_verdict(Database& database, const Verdict& verdict);

std::vector<Verdict> read_verdicts(Database& database);  // in the order they were added

}  // namespace timetrial
