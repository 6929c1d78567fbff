#pragma once

// The spec of a trial and what the machine grants -> how its worker is kept apart.

#include <filesystem>
#include <optional>

#include "harness/isolation/launch_policy.h"
#include "harness/isolation/sandbox_probe.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

// The level that a trial gets of what its spec asks: what the machine grants (GrantedLevel), and with several
// ranks a sandbox at most.
GrantedLevel granted_for(const TrialSpec& spec);

// Empty: not at all.
std::optional<LaunchPolicy> launch_policy_of(const TrialSpec& spec,
                                             const std::filesystem::path& trial_directory,
                                             const std::filesystem::path& results, IsolationLevel granted);

// What a sandbox hides and shows: of the results only the trial's own directory, of the data sets only the
// trial's own, nothing of /tmp, /var/tmp and /run but what the trial needs. `programs`: the folder of the
// worker; a folder that it lies in is not hidden. Reads the file system to resolve links.
SandboxView sandbox_view_of(const TrialSpec& spec, const std::filesystem::path& trial_directory,
                            const std::filesystem::path& results, const std::filesystem::path& programs);

// In strict mode: of the trial's directory only kScratchFolder can be written to, and what the data set holds
// back for validation and test cannot be read.
void show_trainer_only(const TrialSpec& spec, const std::filesystem::path& trial_directory,
                       SandboxView& view);

}  // namespace timetrial
