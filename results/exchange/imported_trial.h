#pragma once

#include <string>
#include <vector>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

// A trial of another harness in our terms, ready for Store::add.
struct ImportedTrial {
  TrialSpec spec;
  std::vector<JournalRecord> records;  // begin with a StartRecord
  std::string source;                  // where it was read
  bool already_ours = false;           // an export of ours: the result file may hold the original
};

}  // namespace timetrial
