#pragma once

// The scores a result file has seen: one line each, as table or JSON.

#include <string>
#include <vector>

#include "results/store/verdicts.h"

namespace timetrial {

// With the options that differ from the first verdict of the same ruleset.
std::string verdict_table(const std::vector<Verdict>& verdicts);
// A list of objects with everything: options and result as they were kept.
std::string verdict_json(const std::vector<Verdict>& verdicts);

}  // namespace timetrial
