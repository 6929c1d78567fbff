#pragma once

// Nothing that a submission started may go on while the clock stands (rules.md, section 3). Threads that come
// to be from here on are the submission's, except
//   - those that the harness starts and marks (harness/threads/harness_thread.h)
//   - those that come to be during work of the harness (HarnessWork): pools of LibTorch, for instance
//   - the training thread's OpenMP team, whoever first needed it
// It cannot see a thread that comes to be, or ends, while the clock stands. Reads /proc, so it is asked when
// the clock stops and starts, never in a step. Threads: the training thread.

#include <set>
#include <vector>

#include "harness/threads/thread_list.h"

namespace timetrial {

class ThreadWatch {
 public:
  // The threads that there are now are the harness's. To be made before the submission's library is opened.
  ThreadWatch();

  class HarnessWork {
   public:
    explicit HarnessWork(ThreadWatch& watch) : watch_(watch), before_(threads_of_this_process()) {}
    ~HarnessWork() { watch_.adopt_new_threads(before_); }
    HarnessWork(const HarnessWork&) = delete;
    HarnessWork& operator=(const HarnessWork&) = delete;

   private:
    ThreadWatch& watch_;
    std::vector<ThreadReading> before_;
  };

  // The clock stands and the submission was told so: its threads must rest from now on.
  void begin_rest();

  // They need not any more. Throws SubmissionError when they did not since begin_rest(); does nothing without
  // it.
  void end_rest();

 private:
  void adopt_new_threads(const std::vector<ThreadReading>& before);
  std::vector<ThreadReading> threads_of_submission();

  std::set<ThreadKey> of_harness_;
  std::vector<ThreadReading> resting_;
  double resting_since_ = 0;  // seconds of the steady clock
};

}  // namespace timetrial
