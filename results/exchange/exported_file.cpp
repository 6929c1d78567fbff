#include "results/exchange/exported_file.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "harness/journal/durable_file.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

void write_exported_file(const std::filesystem::path& file, std::string_view contents) {
  const std::filesystem::path partial = file.string() + "." + std::to_string(::getpid()) + ".partial";
  const FileDescriptor descriptor(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!descriptor.valid()) throw_file_error("cannot be written", file, errno);
  if (write_all(descriptor.get(), contents) && ::rename(partial.c_str(), file.c_str()) == 0) return;
  const int error_number = errno;
  ::unlink(partial.c_str());
  throw_file_error("cannot be written", file, error_number);
}

}  // namespace timetrial
