#include "workloads/npz/output_file.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr size_t kMostGathered = size_t{1} << 18;

}  // namespace

OutputFile::OutputFile(std::filesystem::path file)
    : file_(std::move(file)), partial_(file_.string() + ".partial"), descriptor_(-1) {
  std::error_code ignored;  // opening then tells what is wrong
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), ignored);
  descriptor_ = open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(partial_.c_str());
}

void OutputFile::fail(int error) const {
  throw UserError({"the file cannot be written", file_.string(), strerror(error),
                   error == ENOSPC ? "free space on this disk, or choose another folder"
                                   : "check that you may write to this folder"});
}

void OutputFile::write_at(uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    offset += static_cast<uint64_t>(count);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void OutputFile::write_gathered() {
  write_at(size_ - gathered_.size(), gathered_);
  gathered_.clear();
}

void OutputFile::append(std::string_view bytes) {
  if (gathered_.size() + bytes.size() > kMostGathered) write_gathered();
  size_ += bytes.size();
  if (bytes.size() > kMostGathered) {
    write_at(size_ - bytes.size(), bytes);
  } else {
    gathered_ += bytes;
  }
}

void OutputFile::overwrite(uint64_t offset, std::string_view bytes) {
  if (offset > size_ || bytes.size() > size_ - offset) throw std::logic_error("nothing was written there");
  write_gathered();
  write_at(offset, bytes);
}

void OutputFile::finish() {
  write_gathered();
  int error = fsync(descriptor_) == 0 ? 0 : errno;
  if (close(descriptor_) != 0 && error == 0) error = errno;
  descriptor_ = -1;
  if (error == 0 && rename(partial_.c_str(), file_.c_str()) != 0) error = errno;
  if (error == 0) return;
  unlink(partial_.c_str());
  fail(error);
}

}  // namespace timetrial
