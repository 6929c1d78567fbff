#pragma once

#include <filesystem>
#include <string>

namespace timetrial {

// Who else has a lock on a result file, as "timetrial (process 4711)", or "" when that cannot be told. Read
// from /proc/locks: opening the file here and closing it again would drop our own POSIX locks.
std::string lock_holder(const std::filesystem::path& file);

}  // namespace timetrial
