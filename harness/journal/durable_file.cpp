#include "harness/journal/durable_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

void throw_file_error(const std::string& what, const std::filesystem::path& file, int error_number) {
  std::string cure = "check the path";
  if (error_number == ENOSPC || error_number == EDQUOT)
    cure = "free space on this disk, then run the same command again";
  if (error_number == EFBIG)
    cure = "raise the limit on file sizes (ulimit -f), then run the same command again";
  if (error_number == EACCES || error_number == EROFS || error_number == EPERM) {
    cure = "make it writable or choose another results directory";
  }
  throw UserError({what, file.string(), std::strerror(error_number), cure});
}

void rename_durably(const std::filesystem::path& partial, const std::filesystem::path& file) {
  if (::rename(partial.c_str(), file.c_str()) != 0) throw_file_error("cannot be put in place", file, errno);
  const FileDescriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) throw_file_error("cannot be made durable", file, errno);
}

void write_file_durably(const std::filesystem::path& file, std::string_view contents) {
  std::error_code ignored;  // open() reports what matters
  std::filesystem::create_directories(file.parent_path(), ignored);
  // Two processes may write the same file at once: each has a partial file of its own.
  const std::filesystem::path partial = file.string() + "." + std::to_string(::getpid()) + ".partial";
  FileDescriptor descriptor(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!descriptor.valid()) throw_file_error("cannot be written", file, errno);
  if (!write_all(descriptor.get(), contents) || ::fsync(descriptor.get()) != 0) {
    const int error_number = errno;
    ::unlink(partial.c_str());
    throw_file_error("cannot be written", file, error_number);
  }
  rename_durably(partial, file);
}

}  // namespace timetrial
