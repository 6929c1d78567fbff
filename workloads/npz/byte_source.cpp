#include "workloads/npz/byte_source.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_cures.h"

namespace timetrial {
namespace {

void require_inside(const ByteSource& source, uint64_t offset, size_t count) {
  if (offset <= source.size() && count <= source.size() - offset) return;
  throw UserError({"the file ends early: " + std::to_string(count) + " bytes are expected at byte " +
                       std::to_string(offset),
                   source.name(), std::to_string(source.size()) + " bytes", kCopyAgain});
}

UserError cannot_read(const std::string& name, const std::string& reason) {
  return UserError(
      {"the file cannot be read", name, reason, "check that it exists and that you may read it"});
}

class DiskFile : public ByteSource {
 public:
  explicit DiskFile(const std::filesystem::path& file)
      : name_(file.string()), descriptor_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw cannot_read(name_, strerror(errno));
    struct stat facts {};
    const bool known = fstat(descriptor_, &facts) == 0;
    const int error = errno;
    if (!known || !S_ISREG(facts.st_mode)) {
      close(descriptor_);
      throw cannot_read(name_, known ? "no regular file" : strerror(error));
    }
    size_ = static_cast<uint64_t>(facts.st_size);
  }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;
  ~DiskFile() override { close(descriptor_); }

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return size_; }

  void read(uint64_t offset, std::span<char> bytes) const override {
    require_inside(*this, offset, bytes.size());
    while (!bytes.empty()) {
      const ssize_t count = pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw cannot_read(name_, strerror(errno));
      if (count == 0) throw cannot_read(name_, "it became shorter while it was read");
      offset += static_cast<uint64_t>(count);
      bytes = bytes.subspan(static_cast<size_t>(count));
    }
  }

 private:
  std::string name_;
  int descriptor_;
  uint64_t size_ = 0;
};

class MemoryBytes : public ByteSource {
 public:
  MemoryBytes(std::string_view bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return bytes_.size(); }

  void read(uint64_t offset, std::span<char> bytes) const override {
    require_inside(*this, offset, bytes.size());
    // Nothing may be copied from or to a null pointer, not even no bytes.
    if (!bytes.empty()) std::memcpy(bytes.data(), bytes_.data() + offset, bytes.size());
  }

 private:
  std::string_view bytes_;
  std::string name_;
};

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& file) {
  return std::make_unique<DiskFile>(file);
}

std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes, std::string name) {
  return std::make_unique<MemoryBytes>(bytes, std::move(name));
}

}  // namespace timetrial
