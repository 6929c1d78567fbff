#include "harness/worker/thread_watch.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <ATen/Parallel.h>

#include "harness/device/device.h"
#include "harness/threads/harness_thread.h"
#include "harness/threads/rest.h"
#include "harness/worker/openmp_team.h"
#include "harness/worker/submission_library.h"

namespace timetrial {

ThreadWatch::ThreadWatch() {
  adopt_new_threads({});
}

void ThreadWatch::adopt_new_threads(const std::vector<ThreadReading>& before) {
  for (const ThreadReading& thread : threads_of_this_process()) {
    const bool is_new = std::none_of(before.begin(), before.end(),
                                     [&](const ThreadReading& old) { return old.key == thread.key; });
    if (is_new) of_harness_.insert(thread.key);
  }
}

std::vector<ThreadReading> ThreadWatch::threads_of_submission() {
  // A submission that changes the number of threads in its update makes OpenMP start threads there, which
  // then serve the harness's evaluations.
  at::get_num_threads();  // LibTorch sets the size of the team at a thread's first question
  const std::set<pid_t> team = openmp_team();
  const std::set<pid_t> marked = harness_threads();
  std::vector<ThreadReading> threads;
  for (ThreadReading& thread : threads_of_this_process()) {
    if (team.contains(thread.key.id) || marked.contains(thread.key.id)) of_harness_.insert(thread.key);
    if (!of_harness_.contains(thread.key)) threads.push_back(std::move(thread));
  }
  return threads;
}

void ThreadWatch::begin_rest() {
  resting_ = threads_of_submission();
  resting_since_ = steady_seconds();
}

void ThreadWatch::end_rest() {
  std::vector<ThreadReading> resting = std::exchange(resting_, {});
  const std::set<pid_t> marked = harness_threads();  // one may have been on its way to mark itself
  std::erase_if(resting, [&](const ThreadReading& thread) { return marked.contains(thread.key.id); });
  if (resting.empty()) return;
  const double wall = steady_seconds() - resting_since_;
  const std::optional<Unrest> found = unrest(resting, threads_of_this_process(), wall);
  if (!found) return;
  std::ostringstream message;
  message.precision(3);
  message << "its thread " << found->busiest
          << " went on while the clock stood: " << found->busiest_cpu_seconds << " s of processor time in "
          << wall << " s";
  if (found->cpu_seconds > found->busiest_cpu_seconds)
    message << " (all its threads " << found->cpu_seconds << " s)";
  message << ". To cure it: finish or pause what runs on threads of your own in prepare_for_eval and in save";
  throw SubmissionError("prepare_for_eval", message.str());
}

}  // namespace timetrial
