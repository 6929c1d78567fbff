#pragma once

#include <atomic>

namespace timetrial {

// True after Ctrl-C or SIGTERM. The first one asks for a clean stop; a second Ctrl-C ends the program at
// once.
const std::atomic<bool>& stop_on_signals();

// The same where nobody sits at a terminal: a scheduler may ask more than once.
const std::atomic<bool>& stop_on_every_signal();

}  // namespace timetrial
