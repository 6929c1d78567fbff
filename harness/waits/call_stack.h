#pragma once

// Where a thread is, as addresses: cheap enough to be taken at every wait. Naming them is for later
// (stack_text.h).

#include <vector>

namespace timetrial {

// Return addresses, innermost first, of the caller and of what called it.
using CallStack = std::vector<void*>;

CallStack current_call_stack();

}  // namespace timetrial
