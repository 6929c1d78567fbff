#pragma once

// The trainer's side of strict mode: does what the evaluator asks of a training in this process.

#include <filesystem>
#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/journal/trial_spec.h"
#include "harness/strict/peer.h"
#include "harness/strict/shared_tensors.h"
#include "harness/worker/own_training.h"
#include "harness/worker/training_session.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

// Waits for the evaluator's word to begin: until then this process disturbs nobody. Throws PeerGone when the
// trial is not to be trained at all.
void await_start(Peer& evaluator);

// The last word of a trainer that cannot go on through no fault of the submission's.
void tell_problem(Peer& evaluator, const std::string& text, bool of_harness);

// Answers until the evaluator ends the training. Throws PeerGone when the evaluator is gone, and what the
// training throws.
void serve_training(Peer& evaluator, SharedTensors& shared, OwnTraining& training, TrainingSession& session,
                    Watchdog& watchdog, const TrialSpec& spec, const std::filesystem::path& trial_directory);

}  // namespace timetrial
