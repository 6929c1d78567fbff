#pragma once

#include <filesystem>

namespace timetrial {

// Waits until everything written to the disk of `folder` lies on it: once for many small files, where a flush
// for each would take minutes. Throws UserError.
void flush_disk(const std::filesystem::path& folder);

}  // namespace timetrial
