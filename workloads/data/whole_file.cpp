#include "workloads/data/whole_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

UserError cannot_read(const std::filesystem::path& file) {
  return UserError({"the file cannot be read", file.string(), strerror(errno),
                    "check that it exists and that you may read it"});
}

UserError cannot_write(const std::filesystem::path& file, int error) {
  return UserError({"the file cannot be written", file.string(), strerror(error),
                    error == ENOSPC ? "free space on this disk, or choose another data directory"
                                    : "check that you may write to this folder"});
}

}  // namespace

std::string read_whole_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw cannot_read(file);
  std::string text;
  size_t filled = 0;
  for (;;) {
    if (text.size() - filled < (size_t{1} << 16)) text.resize(std::max(text.size() * 2, size_t{1} << 18));
    const ssize_t count = read(descriptor, text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      close(descriptor);
      errno = error;
      throw cannot_read(file);
    }
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  close(descriptor);
  text.resize(filled);
  return text;
}

std::string read_gzip_or_plain(const std::filesystem::path& file) {
  gzFile stream = gzopen(file.c_str(), "rb");
  if (stream == nullptr) throw cannot_read(file);
  std::string text;
  std::string block(size_t{1} << 18, '\0');
  int count = 0;
  while ((count = gzread(stream, block.data(), static_cast<unsigned>(block.size()))) > 0) {
    text.append(block.data(), static_cast<size_t>(count));
  }
  int code = Z_OK;
  const std::string reason = gzerror(stream, &code);
  // A stream that ends early reads as Z_BUF_ERROR after the last byte.
  const bool damaged = count < 0 || (code != Z_OK && code != Z_STREAM_END);
  gzclose(stream);
  if (damaged) {
    throw UserError({"the compressed file is damaged or incomplete", file.string(), reason,
                     "copy or download this file again"});
  }
  return text;
}

void write_whole_file(const std::filesystem::path& file, std::string_view contents) {
  std::error_code folder_error;
  std::filesystem::create_directories(file.parent_path(), folder_error);
  const std::filesystem::path partial = file.string() + ".partial";
  const int descriptor = open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) throw cannot_write(partial, errno);
  int error = 0;
  while (!contents.empty() && error == 0) {
    const ssize_t count = write(descriptor, contents.data(), contents.size());
    if (count >= 0) {
      contents.remove_prefix(static_cast<size_t>(count));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && fsync(descriptor) != 0) error = errno;
  if (close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && rename(partial.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(partial.c_str());
    throw cannot_write(file, error);
  }
}

}  // namespace timetrial
