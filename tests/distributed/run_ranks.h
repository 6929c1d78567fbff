#pragma once

// Runs a piece of a test on several ranks: processes forked from the test, which must not have used
// LibTorch's threads before.

#include <filesystem>
#include <functional>

#include "harness/distributed/process_group.h"

namespace timetrial {

// Each rank calls `body` in a process of its own, on one thread. A failed expectation or an exception there
// is a failure of the test. Ranks that do not end within a minute or two are killed. They meet in `folder`.
void run_ranks(int64_t ranks, const std::filesystem::path& folder,
               const std::function<void(ProcessGroup&)>& body);

}  // namespace timetrial
