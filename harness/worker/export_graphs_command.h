#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace timetrial {

// Adds `export-graphs <folder>`; the result runs it once it was parsed and returns the exit status.
std::function<int()> add_export_graphs_command(CLI::App& app);

}  // namespace timetrial
