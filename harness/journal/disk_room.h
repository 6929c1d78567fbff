#pragma once

// Whether what a trial writes will fit, before it writes it. What happens when it does not after all is the
// writers' business (durable_file.h).

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

// What may still be written in a folder, in bytes.
struct DiskRoom {
  int64_t free = 0;                                            // for this user, quota included
  int64_t quota = std::numeric_limits<int64_t>::max();         // of these the quota leaves
  int64_t largest_file = std::numeric_limits<int64_t>::max();  // RLIMIT_FSIZE
};

// Of the folder, or the nearest one above it that exists. Throws UserError, naming the folder, when it is
// read-only or cannot be looked at.
DiskRoom disk_room(const std::filesystem::path& folder);

// What trials of one kind still have to write: two checkpoints each stay, one more is there while it is
// written.
struct DiskNeed {
  int64_t trials = 1;
  int64_t at_a_time = 1;
  int64_t checkpoint = 0;  // bytes of one; 0: not known yet
};

inline constexpr int64_t kCheckpointsKept = 2;
inline constexpr int64_t kJournalBytes = 1 << 20;  // of a trial: records, log, progress page

int64_t bytes_needed(const DiskNeed& need);

// What is certain to fail: a checkpoint that does not fit even once, or is larger than a file may be. Pure,
// as the next one.
std::optional<std::string> certain_shortage(const DiskNeed& need, const DiskRoom& room);

// What may fail: everything together needs more than there is.
std::optional<std::string> possible_shortage(const std::vector<DiskNeed>& needs, const DiskRoom& room);

}  // namespace timetrial
