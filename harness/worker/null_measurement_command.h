#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace timetrial {

// Adds `null-measurement <folder>`; the result runs it once it was parsed and returns the exit status.
std::function<int()> add_null_measurement_command(CLI::App& app);

}  // namespace timetrial
