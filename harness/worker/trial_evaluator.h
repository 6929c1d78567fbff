#pragma once

// The evaluator's side of strict mode (harness/isolation/strict_mode.md): all of a trial but the training.

#include <filesystem>

#include "harness/worker/stop_request.h"
#include "harness/worker/trial_runner.h"

namespace timetrial {

// As run_trial(), with the training done by the process at the other end of `peer`; `memory` is the file that
// both share. Throws PeerGone when the trainer died without a word.
RunEnd run_trial_with_trainer(const std::filesystem::path& trial_directory, int peer, int memory,
                              const StopRequest& stop);

}  // namespace timetrial
