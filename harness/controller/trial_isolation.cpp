#include "harness/controller/trial_isolation.h"

#include <algorithm>
#include <cmath>

#include "harness/isolation/shared_namespaces.h"
#include "harness/journal/progress.h"
#include "harness/journal/worker_exit.h"
#include "harness/machine/machine.h"
#include "workloads/held_back.h"
#include "workloads/preparation.h"

namespace timetrial {

namespace {

constexpr int64_t kTemporaryBytes = int64_t{1} << 30;

int64_t bytes_of(double gib) {
  return std::llround(gib * 1024 * 1024 * 1024);
}

std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code absent;
  return std::filesystem::weakly_canonical(path, absent);
}

bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

std::vector<std::string> gpu_devices() {
  std::vector<std::string> devices;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("nvidia")) devices.push_back(entry.path());
  }
  std::sort(devices.begin(), devices.end());
  return devices;
}

}  // namespace

SandboxView sandbox_view_of(const TrialSpec& spec, const std::filesystem::path& trial_directory,
                            const std::filesystem::path& results, const std::filesystem::path& programs) {
  SandboxView view;
  const std::filesystem::path data = resolved(spec.data_directory);
  const std::filesystem::path data_set =
      resolved(data / make_preparation(spec.workload)->data_set() / spec.tier);
  for (const std::filesystem::path& folder :
       {std::filesystem::path("/tmp"), std::filesystem::path("/var/tmp"), std::filesystem::path("/run"), data,
        resolved(results)}) {
    if (std::filesystem::is_directory(folder) && !std::filesystem::is_symlink(folder) &&
        !lies_below(resolved(programs), folder))
      view.hidden.push_back(folder);
  }
  const auto show = [&](const std::filesystem::path& path) {
    if (std::filesystem::exists(path)) view.readable.push_back(path);
  };
  show(data_set);
  show(resolved(spec.submission_library));
  for (const char* part : {"/run/opengl-driver", "/run/current-system"}) show(part);  // libraries of NixOS
  view.writable.push_back(resolved(trial_directory));
  if (!spec.kernel_cache.empty()) {
    std::error_code error;  // the worker says what is wrong with it
    std::filesystem::create_directories(spec.kernel_cache, error);
    if (!error) view.writable.push_back(resolved(spec.kernel_cache));
  }
  if (spec.device != "cpu") view.devices = gpu_devices();
  view.folder = resolved(trial_directory);
  view.temporary_bytes = kTemporaryBytes;
  return view;
}

void show_trainer_only(const TrialSpec& spec, const std::filesystem::path& trial_directory,
                       SandboxView& view) {
  const std::filesystem::path directory = resolved(trial_directory);
  const std::filesystem::path scratch = directory / kScratchFolder;
  std::error_code error;  // the trainer says what is wrong with it
  std::filesystem::create_directories(scratch, error);
  const ProgressWriter progress(directory);  // the file is there
  std::erase(view.writable, directory);
  view.readable.push_back(directory);
  view.writable.insert(view.writable.end(), {scratch, directory / kProgressFile});
  view.folder = scratch;
  for (const std::filesystem::path& path :
       held_back_of_data_set(spec.workload, spec.tier, spec.data_directory)) {
    const std::filesystem::path target = resolved(path);
    (std::filesystem::is_directory(target) ? view.masked_folders : view.masked_files).push_back(target);
  }
}

GrantedLevel granted_for(const TrialSpec& spec) {
  const GrantedLevel granted = granted_level(spec.isolation);
  if (spec.ranks == 1 || granted.level < IsolationLevel::sandbox) return granted;
  if (!shared_namespaces_refusal().empty()) return {IsolationLevel::process, shared_namespaces_refusal()};
  if (granted.level == IsolationLevel::sandbox) return granted;
  return {IsolationLevel::sandbox, "strict isolation is for trials of one rank"};
}

std::optional<LaunchPolicy> launch_policy_of(const TrialSpec& spec,
                                             const std::filesystem::path& trial_directory,
                                             const std::filesystem::path& results, IsolationLevel granted) {
  if (granted == IsolationLevel::none) return std::nullopt;
  LaunchPolicy policy;
  policy.level = granted;
  policy.trial_directory = std::filesystem::absolute(trial_directory);
  policy.memory_bytes = bytes_of(spec.limits.memory_gib);
  policy.processes = spec.limits.processes;
  policy.disk_bytes = bytes_of(spec.limits.disk_gib);
  if (granted >= IsolationLevel::sandbox)
    policy.view = sandbox_view_of(spec, trial_directory, results, program_folder());
  if (granted == IsolationLevel::strict) show_trainer_only(spec, trial_directory, policy.view);
  return policy;
}

}  // namespace timetrial
