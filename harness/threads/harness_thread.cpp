#include "harness/threads/harness_thread.h"

#include <mutex>

#include <unistd.h>

namespace timetrial {

namespace {

std::mutex mutex;
std::set<pid_t>& marked() {
  static auto* threads = new std::set<pid_t>();  // threads may outlive static objects
  return *threads;
}

}  // namespace

HarnessThread::HarnessThread() {
  const std::lock_guard<std::mutex> guard(mutex);
  marked().insert(::gettid());
}

HarnessThread::~HarnessThread() {
  const std::lock_guard<std::mutex> guard(mutex);
  marked().erase(::gettid());
}

std::set<pid_t> harness_threads() {
  const std::lock_guard<std::mutex> guard(mutex);
  return marked();
}

}  // namespace timetrial
