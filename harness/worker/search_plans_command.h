#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace timetrial {

// Adds `search-plans <data set>`; the result runs it once it was parsed and returns the exit status.
std::function<int()> add_search_plans_command(CLI::App& app);

}  // namespace timetrial
