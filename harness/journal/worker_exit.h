#pragma once

// Exit codes of timetrial-worker, the other half of its conversation with the controller.

namespace timetrial {

inline constexpr int kWorkerDone = 0;         // the journal has an outcome (good or bad); the check passed
inline constexpr int kWorkerCheckFailed = 1;  // `check` found something
inline constexpr int kWorkerUserError = 2;    // nothing wrong with the submission; stderr says how to cure it
inline constexpr int kWorkerInternalError = 70;
inline constexpr int kWorkerInterrupted = 75;  // stopped by a signal after a checkpoint; run again to resume

}  // namespace timetrial
