#include "harness/worker/kernel_cache.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "harness/errors/user_error.h"
#include "harness/journal/kernel_cache_facts.h"
#include "timetrial/version.h"

namespace timetrial {

KernelCache::KernelCache(const std::string& shared, const std::filesystem::path& trial_directory)
    : folder_(shared.empty() ? trial_directory / "kernel_cache"
                             : std::filesystem::path(shared) / ("libtorch-" + std::string(kLibTorchVersion))),
      is_warm_(!shared.empty()) {
  std::error_code error;
  if (!is_warm_) std::filesystem::remove_all(folder_, error);
  for (const char* part : {"nvrtc", "driver"}) {
    if (!error) std::filesystem::create_directories(folder_ / part, error);
  }
  if (error) {
    throw UserError({"the folder of compiled kernels cannot be made", folder_.string(), error.message(),
                     "free some space, or name a results folder that you can write to"});
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) ++files_found_;
  }
  ::setenv("PYTORCH_KERNEL_CACHE_PATH", (folder_ / "nvrtc").c_str(), /*overwrite=*/1);
  ::setenv("CUDA_CACHE_PATH", (folder_ / "driver").c_str(), /*overwrite=*/1);
}

std::map<std::string, std::string> KernelCache::describe() const {
  return {{kKernelCache, is_warm_ ? "warm" : "cold"}, {kKernelCacheFiles, std::to_string(files_found_)}};
}

}  // namespace timetrial
