#pragma once

// Looks, whenever the clock stands, for what a submission did to the process and the files that it shares
// with the harness. Reads /proc, so it is never asked in a step. It runs in that same process: who means to
// can get past it, which is what the levels of isolation are for (rules.md, section 13). Threads: the
// training thread.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/guard/file_stamps.h"
#include "harness/guard/open_watch.h"
#include "harness/guard/process_state.h"
#include "harness/worker/submission_library.h"

namespace timetrial {

class SubmissionGuard final : public CallObserver {
 public:
  struct Surroundings {
    std::filesystem::path trial_directory;  // empty: another rank writes there, so that nothing can be told
    // Files and folders of the data set that hold validation or test examples; training opens none of them
    // while the submission is called.
    std::vector<std::filesystem::path> held_back;
    bool alone_below_parent = false;  // no other worker is a child of this one's parent
  };

  // What is there now is the harness's. To be made before the submission's library is opened. `next` is told
  // of all calls as well and outlives this.
  SubmissionGuard(Surroundings surroundings, CallObserver& next);

  // The submission is called from here to there by the training thread, which does nothing else. Somebody
  // opened a held-back file meanwhile: it was the submission if that thread has read something, for the
  // kernel does not tell who opens.
  void begin_calls();
  void end_calls();

  // The harness has worked: what it changed is its own.
  void adopt();
  // The harness has written to the trial's directory.
  void adopt_files();

  // Throws SubmissionError naming the first thing found; `call` is where it most likely was.
  void check(const std::string& call);

  // Calls off the clock are stretches of their own.
  void entered(const char* call) noexcept override;
  void left() noexcept override;

 private:
  FileStamps own_files() const;

  Surroundings surroundings_;
  CallObserver& next_;
  OpenWatch opens_;
  ProcessState state_;
  FileStamps files_;
  bool off_the_clock_ = false;
  int64_t read_before_ = 0;  // bytes, by the training thread
  std::string held_back_;    // a file that the submission has read
};

}  // namespace timetrial
