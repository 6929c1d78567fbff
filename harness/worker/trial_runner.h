#pragma once

#include <filesystem>

#include "harness/journal/isolation_level.h"
#include "harness/worker/stop_request.h"

namespace timetrial {

enum class RunEnd {
  recorded,
  interrupted,
  rank_lost  // another rank is gone without a word: whoever started the ranks knows why
};

// Runs or resumes the trial of a directory to its end and records it there; of several
// ranks, this process's share of it (harness/distributed/rank_place.h). `recorded`: the journal has an
// outcome, good or bad. `interrupted`: `stop` came; it is recorded, and the same call resumes. Throws
// UserError for what is not the submission's doing (missing data, full disk, another process holds the
// trial): the trial can be run again. `isolation`: the level in force.
RunEnd run_trial(const std::filesystem::path& trial_directory, IsolationLevel isolation,
                 const StopRequest& stop);

// The training alone, in strict mode, for the evaluator (trial_evaluator.h) at the other end of `peer`;
// `memory` is the file that both share. Throws PeerGone when the evaluator is gone.
RunEnd train_for_evaluator(const std::filesystem::path& trial_directory, int peer, int memory,
                           const StopRequest& stop);

}  // namespace timetrial
