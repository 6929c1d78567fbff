#pragma once

#include <filesystem>

namespace timetrial {

// Where the reference's numbers are; empty when they are not on this machine.
inline std::filesystem::path golden_parity_folder() {
  const std::filesystem::path folder =
      std::filesystem::path(TIMETRIAL_SOURCE_DIR) / ".." / "shared" / "golden" / "parity";
  return std::filesystem::exists(folder) ? folder : std::filesystem::path();
}

}  // namespace timetrial

#define SKIP_WITHOUT_GOLDENS()                                                                 \
  if (timetrial::golden_parity_folder().empty()) {                                             \
    GTEST_SKIP() << "the reference's golden files are not beside the source tree (../shared)"; \
  }
