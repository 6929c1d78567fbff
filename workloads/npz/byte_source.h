#pragma once

// Bytes at known places: what the readers of this room read from. All functions may be called from several
// threads at once.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace timetrial {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // For messages: the file's path.
  virtual const std::string& name() const = 0;
  // In bytes, as it was when the source was opened.
  virtual uint64_t size() const = 0;
  // Fills all of `bytes` with what stands at `offset` and after. Throws UserError where the source ends
  // before that, and when the disk cannot be read.
  virtual void read(uint64_t offset, std::span<char> bytes) const = 0;
};

// A file on disk, open as long as the source lives. Throws UserError when it is no file or may not be read.
std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& file);

// Bytes in memory, which must outlive the source. `name` is for messages.
std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes, std::string name);

}  // namespace timetrial
