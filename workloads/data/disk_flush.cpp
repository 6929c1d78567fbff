#include "workloads/data/disk_flush.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {

void flush_disk(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool flushed = descriptor >= 0 && syncfs(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!flushed) {
    throw UserError({"the data set cannot be written to the disk", folder.string(), strerror(error),
                     "free space on this disk, or choose another data directory"});
  }
}

}  // namespace timetrial
