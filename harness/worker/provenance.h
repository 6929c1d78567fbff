#pragma once

#include <map>
#include <string>

namespace timetrial {

// Keys: "timetrial", "commit", "compiler", "build_type", "libtorch".
std::map<std::string, std::string> describe_build();

}  // namespace timetrial
