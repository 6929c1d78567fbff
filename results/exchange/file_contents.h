#pragma once

#include <filesystem>
#include <string>

namespace timetrial {

// The whole file, unpacked when it is gzip (told by its first bytes, not its name). Throws UserError: not
// there, not readable, damaged gzip.
std::string file_contents(const std::filesystem::path& file);

// Unpacks gzip, also several members one after the other; any other text is returned as it is.
std::string unpacked(std::string bytes, const std::string& name);

}  // namespace timetrial
