#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

namespace timetrial {

// Writes a token file (token_file.h) as NAME.partial; finish() flushes it to the disk and gives it its name.
// Throws UserError when the disk is full or not writable.
class TokenWriter {
 public:
  explicit TokenWriter(const std::filesystem::path& file);

  void write(std::span<const uint16_t> tokens);
  int64_t count() const { return count_; }
  void finish();

 private:
  void require_good() const;

  std::filesystem::path file_;
  std::filesystem::path partial_;
  std::ofstream stream_;
  int64_t count_ = 0;
};

}  // namespace timetrial
