#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace timetrial {

// The data directory named by TIMETRIAL_DATA, if it holds this workload's mini data set; else empty.
inline std::filesystem::path mini_data_directory(const std::string& workload) {
  const char* folder = std::getenv("TIMETRIAL_DATA");
  if (folder == nullptr ||
      !std::filesystem::exists(std::filesystem::path(folder) / workload / "mini/manifest.json")) {
    return {};
  }
  return folder;
}

}  // namespace timetrial

#define SKIP_WITHOUT_MINI_DATA(workload)                                               \
  if (timetrial::mini_data_directory(workload).empty()) {                              \
    GTEST_SKIP() << "TIMETRIAL_DATA names no data directory with " << (workload)       \
                 << "/mini; run `timetrial prepare " << (workload) << " --tier mini`"; \
  }
