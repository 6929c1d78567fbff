#pragma once

// Kernels that LibTorch (NVRTC) and the driver (PTX) compile at run time are kept by them in folders that
// environment variables name, each keyed by source, options and architecture. A trial's kernel cache is such
// a folder: one of its own that is empty at first, or one that trials on the same libraries share. What cuDNN
// and cuBLASLt choose is kept in the process alone and always chosen anew.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace timetrial {

class KernelCache {
 public:
  // shared: as in trial.json, "" for a cold cache. Empties a cold one. Names the folder to the libraries, for
  // which it must come before anything that uses the GPU. Throws UserError when the folder cannot be made.
  KernelCache(const std::string& shared, const std::filesystem::path& trial_directory);

  const std::filesystem::path& folder() const { return folder_; }
  // For the provenance (harness/journal/kernel_cache_facts.h).
  std::map<std::string, std::string> describe() const;

 private:
  std::filesystem::path folder_;
  bool is_warm_;
  int64_t files_found_ = 0;
};

}  // namespace timetrial
