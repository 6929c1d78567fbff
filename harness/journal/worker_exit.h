#pragma once

// What timetrial-worker tells the controller as it ends: an exit code, and why in words. The words also go to
// stderr, but worker.log may lie on a full disk, and two workers may write to it at once.

namespace timetrial {

inline constexpr int kWorkerDone = 0;         // the journal has an outcome (good or bad); the check passed
inline constexpr int kWorkerCheckFailed = 1;  // `check` found something
inline constexpr int kWorkerUserError = 2;    // nothing wrong with the submission; stderr says how to cure it
inline constexpr int kWorkerInternalError = 70;
inline constexpr int kWorkerTrialHeld = 74;    // another process holds the trial, or has taken it over
inline constexpr int kWorkerInterrupted = 75;  // stopped by a signal after a checkpoint; run again to resume

inline constexpr int kWorkerRankLost =
    76;  // another rank of the trial is gone, and knows better what happened

// Of the evaluator, in strict mode: the trainer is gone without a word. The launcher tells how it ended.
inline constexpr int kWorkerTrainerLost = 77;

// Option of the worker: an open file descriptor that takes the message of a code other than 0 and 75.
inline constexpr const char* kWorkerMessageOption = "--message-descriptor";

// Folder of a trial's directory: all that a trainer may write to in strict mode.
inline constexpr const char* kScratchFolder = "scratch";

}  // namespace timetrial
