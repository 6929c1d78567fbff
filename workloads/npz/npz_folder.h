#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

// The .npz files of a folder by name. Throws UserError where there is none; `cure`: how to get them.
std::vector<std::filesystem::path> npz_files(const std::filesystem::path& folder, const std::string& cure);

}  // namespace timetrial
