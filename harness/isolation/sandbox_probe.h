#pragma once

// What this machine grants.

#include <string>

#include "harness/journal/isolation_level.h"

namespace timetrial {

struct GrantedLevel {
  IsolationLevel level = IsolationLevel::none;
  std::string reason;  // why it is less than was asked for, and the cure; empty: it is not
};

// The strongest level up to `asked` that this machine grants. Tries a sandbox once per process.
GrantedLevel granted_level(IsolationLevel asked);

// Why no sandbox can be made here, and the cure; empty: one can.
const std::string& sandbox_refusal();

}  // namespace timetrial
