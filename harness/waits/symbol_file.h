#pragma once

// The functions of one ELF file by address, hidden ones included: a submission exports nothing but its entry
// point, so the dynamic linker (dladdr) cannot name what is in it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

class SymbolFile {
 public:
  // A file that is not there, is no 64-bit ELF file or was stripped has no functions.
  explicit SymbolFile(const std::filesystem::path& file);

  // The mangled name of the function at `offset` bytes behind where the file's first segment was loaded.
  std::optional<std::string> function_at(uint64_t offset) const;

 private:
  struct Function {
    uint64_t begin;
    uint64_t end;
    std::string name;
  };

  std::vector<Function> functions_;  // by address
};

}  // namespace timetrial
