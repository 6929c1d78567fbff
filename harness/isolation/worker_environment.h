#pragma once

// The environment a worker gets from IsolationLevel::process on. Pure.

#include <string>
#include <vector>

namespace timetrial {

// Of "NAME=value" texts those that a worker may see: where programs and libraries are, language and time
// zone, and the settings of the libraries that compute. Everything else, credentials and LD_PRELOAD included,
// is left out.
std::vector<std::string> allowed_environment(const std::vector<std::string>& environment);

// For people: the names, "*" standing for any ending.
std::vector<std::string> allowed_variables();

}  // namespace timetrial
