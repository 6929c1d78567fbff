#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace timetrial {

// A file that stands under its name only once it is whole: it grows as NAME.partial, is flushed to the disk
// and renamed. Of one thread. Its functions throw UserError (disk full, no permission).
class OutputFile {
 public:
  // Creates the folder when needed.
  explicit OutputFile(std::filesystem::path file);
  // Removes what was not finished.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Small pieces are gathered, so that a full disk may show only in a later call.
  void append(std::string_view bytes);
  // Replaces bytes that were appended before.
  void overwrite(uint64_t offset, std::string_view bytes);
  // Bytes appended so far.
  uint64_t size() const { return size_; }

  // The last call: the file now stands under its name, in place of one that stood there before.
  void finish();

 private:
  [[noreturn]] void fail(int error) const;
  void write_at(uint64_t offset, std::string_view bytes);
  void write_gathered();

  std::filesystem::path file_;
  std::filesystem::path partial_;
  int descriptor_;
  uint64_t size_ = 0;
  std::string gathered_;  // the last of what was appended: not written yet
};

}  // namespace timetrial
