#pragma once

// A flat stream of tokens on disk: little-endian unsigned 16-bit ids and nothing else, documents one after
// the other. It is cut into runs of equal length; what is left at the end is not used.

#include <cstdint>
#include <filesystem>
#include <span>

namespace timetrial {

// Memory-mapped and read-only. Thread-safe.
class TokenFile {
 public:
  // Throws UserError when the file is missing or empty, has an odd number of bytes, or cannot be mapped.
  explicit TokenFile(const std::filesystem::path& file);
  ~TokenFile();
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::span<const uint16_t> tokens() const { return tokens_; }
  int64_t runs(int64_t length) const { return static_cast<int64_t>(tokens_.size()) / length; }

  // Run number `index` of `length` tokens. Throws UserError when one of its tokens is `vocabulary` or larger:
  // the file was made with another tokenizer, or is damaged.
  std::span<const uint16_t> run(int64_t index, int64_t length, int64_t vocabulary) const;

 private:
  std::filesystem::path path_;
  std::span<const uint16_t> tokens_;
};

}  // namespace timetrial
