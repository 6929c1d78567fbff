#include "harness/journal/isolation_level.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr std::array<std::pair<IsolationLevel, const char*>, 4> kLevels = {{
    {IsolationLevel::none, "none"},
    {IsolationLevel::process, "process"},
    {IsolationLevel::sandbox, "sandbox"},
    {IsolationLevel::strict, "strict"},
}};

}  // namespace

IsolationLevel isolation_level_from_string(const std::string& text) {
  for (const auto& [level, name] : kLevels) {
    if (text == name) return level;
  }
  throw UserError({"unknown isolation level", "", text, "use one of: none, process, sandbox, strict"});
}

std::string to_string(IsolationLevel level) {
  for (const auto& [value, name] : kLevels) {
    if (value == level) return name;
  }
  throw std::logic_error("an isolation level has no name");
}

}  // namespace timetrial
