#include "harness/journal/disk_room.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/quota.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

std::filesystem::path nearest_existing(std::filesystem::path folder) {
  std::error_code error;
  folder = std::filesystem::absolute(folder, error);
  while (!std::filesystem::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

// Unlimited where there are no quotas, which most file systems say by not knowing the call.
int64_t quota_left(const std::filesystem::path& folder) {
#ifdef SYS_quotactl_fd
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  dqblk quota{};
  if (::syscall(SYS_quotactl_fd, descriptor.get(), QCMD(Q_GETQUOTA, USRQUOTA), ::getuid(), &quota) != 0)
    return kUnlimited;
  if (quota.dqb_bhardlimit == 0) return kUnlimited;
  return std::max<int64_t>(
      0, static_cast<int64_t>(quota.dqb_bhardlimit * 1024) - static_cast<int64_t>(quota.dqb_curspace));
#else
  (void)folder;
  return kUnlimited;
#endif
}

std::string megabytes(int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

std::string room_text(const DiskRoom& room) {
  return megabytes(room.free) + (room.quota <= room.free ? " are left of the quota" : " are free");
}

}  // namespace

DiskRoom disk_room(const std::filesystem::path& folder) {
  const std::filesystem::path place = nearest_existing(folder);
  struct statvfs status {};
  if (::statvfs(place.c_str(), &status) != 0) throw_file_error("its disk cannot be looked at", folder, errno);
  if ((status.f_flag & ST_RDONLY) != 0) throw_file_error("trials cannot be written here", folder, EROFS);
  if (::access(place.c_str(), W_OK) != 0) throw_file_error("trials cannot be written here", folder, errno);
  DiskRoom room;
  room.quota = quota_left(place);
  room.free = std::min(static_cast<int64_t>(status.f_bavail * status.f_frsize), room.quota);
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    room.largest_file = static_cast<int64_t>(limit.rlim_cur);
  return room;
}

int64_t bytes_needed(const DiskNeed& need) {
  return need.trials * (kCheckpointsKept * need.checkpoint + kJournalBytes) +
         std::min(need.trials, need.at_a_time) * need.checkpoint;
}

std::optional<std::string> certain_shortage(const DiskNeed& need, const DiskRoom& room) {
  if (need.trials == 0) return std::nullopt;
  if (need.checkpoint > room.largest_file)
    return "a checkpoint (checkpoints/step-*.pt) takes " + megabytes(need.checkpoint) +
           ", and no file may be larger than " + megabytes(room.largest_file) +
           ". To cure it: raise the limit on file sizes (ulimit -f), then run the same command again";
  if (need.checkpoint > room.free)
    return "a checkpoint (checkpoints/step-*.pt) takes " + megabytes(need.checkpoint) + ", and only " +
           room_text(room) + ". To cure it: free space on this disk, or name another --results";
  return std::nullopt;
}

std::optional<std::string> possible_shortage(const std::vector<DiskNeed>& needs, const DiskRoom& room) {
  int64_t needed = 0;
  int64_t trials = 0;
  for (const DiskNeed& need : needs) {
    needed += bytes_needed(need);
    trials += need.trials;
  }
  if (needed <= room.free) return std::nullopt;
  return "the " + std::to_string(trials) + " trials still to run need up to " + megabytes(needed) +
         ", and only " + room_text(room) + ". To cure it: free space on this disk, or name another --results";
}

}  // namespace timetrial
