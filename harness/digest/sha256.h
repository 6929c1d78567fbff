#pragma once

// SHA-256 as lower-case hex, by libcrypto.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace timetrial {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(const void* bytes, size_t count);
  std::string finish();  // once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_of_file(const std::filesystem::path& file);  // throws UserError when it cannot be read

}  // namespace timetrial
