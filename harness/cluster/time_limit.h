#pragma once

#include <cstdint>
#include <string>

namespace timetrial {

// Seconds of a time limit as sbatch --time takes it: "90" (minutes), "90:00", "1:30:00", "2-0", "2-12:30",
// "2-12:30:00". Throws UserError.
int64_t seconds_of_time_limit(const std::string& text);

}  // namespace timetrial
