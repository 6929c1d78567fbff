#pragma once

// How far a submission is kept apart from the machine it runs on (rules.md, section 13).

#include <string>

namespace timetrial {

enum class IsolationLevel {
  none,     // the worker is an ordinary child of timetrial
  process,  // limits, a clean environment, no inherited files, and nothing left running afterwards
  sandbox,  // and a read-only view of the machine without network, other trials and other data sets
  strict,   // and evaluations in another process, while the one that trains is stopped
};

// Throws UserError listing the choices.
IsolationLevel isolation_level_from_string(const std::string& text);
std::string to_string(IsolationLevel level);

}  // namespace timetrial
