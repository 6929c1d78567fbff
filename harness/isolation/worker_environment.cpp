#include "harness/isolation/worker_environment.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace timetrial {

namespace {

constexpr std::array<std::string_view, 33> kAllowed = {
    "PATH",       "HOME",       "USER",         "LOGNAME",         "SHELL",       "LANG",    "LANGUAGE",
    "LC_*",       "TZ",         "TMPDIR",       "LD_LIBRARY_PATH", "OMP_*",       "GOMP_*",  "KMP_*",
    "MKL_*",      "OPENBLAS_*", "CUDA_*",       "NVIDIA_*",        "CUBLAS_*",    "CUDNN_*", "NCCL_*",
    "GLOO_*",     "TORCH_*",    "PYTORCH_*",    "TIMETRIAL_*",     "SLURM_*",     "RANK",    "LOCAL_RANK",
    "WORLD_SIZE", "MASTER_*",   "ASAN_OPTIONS", "UBSAN_OPTIONS",   "TSAN_OPTIONS"};

bool matches(std::string_view name, std::string_view pattern) {
  return pattern.back() == '*' ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

}  // namespace

std::vector<std::string> allowed_environment(const std::vector<std::string>& environment) {
  std::vector<std::string> allowed;
  for (const std::string& variable : environment) {
    const std::string_view name = std::string_view(variable).substr(0, variable.find('='));
    if (std::any_of(kAllowed.begin(), kAllowed.end(), [&](auto pattern) { return matches(name, pattern); }))
      allowed.push_back(variable);
  }
  return allowed;
}

std::vector<std::string> allowed_variables() {
  return {kAllowed.begin(), kAllowed.end()};
}

}  // namespace timetrial
