#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace timetrial {

// Adds `optimizer-trace <submission>`; the result runs it once it was parsed and returns the exit status.
std::function<int()> add_optimizer_trace_command(CLI::App& app);

}  // namespace timetrial
