#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace timetrial {

// Adds `measure-configs <folder>`; the result runs it once it was parsed and returns the exit status.
std::function<int()> add_measure_command(CLI::App& app);

}  // namespace timetrial
