#pragma once

// Arguments and environment as exec takes them.

#include <string>
#include <vector>

namespace timetrial {

// "NAME=value" of each variable of this process.
std::vector<std::string> own_environment();

// Valid as long as `texts` is neither changed nor destroyed; ends with a null pointer.
std::vector<char*> pointers_to(std::vector<std::string>& texts);

}  // namespace timetrial
