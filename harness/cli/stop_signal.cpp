#include "harness/cli/stop_signal.h"

#include <csignal>

namespace timetrial {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

void request_stop(int signal) {
  stop.store(true);
  std::signal(signal, SIG_DFL);
}

void request_stop_again(int /*signal*/) {
  stop.store(true);
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  return stop;
}

const std::atomic<bool>& stop_on_every_signal() {
  std::signal(SIGINT, request_stop_again);
  std::signal(SIGTERM, request_stop_again);
  return stop;
}

}  // namespace timetrial
