#pragma once

// The design of strict mode, in which evaluations happen in a process of their own. Not built yet: the
// formats below are what both sides will speak.
//
// Two processes of one trial, started by one launcher:
//   trainer    the worker, in a sandbox whose view lacks what the data set holds back
//   (workloads/held_back.h).
//              Data sets whose validation examples lie in a training file (mnist, cifar) get a file of the
//              training examples alone from `timetrial prepare`.
//   evaluator  the same program without the submission, outside of the trainer's sandbox. It alone opens the
//              held-back files, keeps the clock and writes the journal.
// They share a memory file, through which parameters and buffers go one way, and a pair of sequenced-packet
// sockets for the messages. A packet is one StrictMessage; nothing else is on the wire.
//
// The clock is the evaluator's: it runs from `resumed` to `drained`, as the kernel stamps the arrival of the
// packets (SO_TIMESTAMPNS), so that no code of the trainer's process has a part in it. While it stands the
// launcher keeps every process of the trainer stopped: the control group's freezer where there is one, else
// SIGSTOP to all below it until all are seen stopped. Work in an untimed phase is then impossible, not merely
// forbidden. What has to run in the trainer between two stretches (save) runs on the clock.
//
//   trainer                      evaluator
//   ready            ──────────▶ opens the held-back data, stamps nothing
//                    ◀────────── resumed        the clock runs
//   steps …
//   drained{step}    ──────────▶ stamps; has the launcher stop the trainer; copies parameters and buffers out
//                                of the shared memory; evaluates; decides by the rules (TrialBudget)
//                    ◀────────── resumed{elapsed}  or  ended{outcome}
//   saved{step}      ──────────▶ after save(): the evaluator writes the checkpoint from the shared memory
//
// A packet that does not fit this order ends the trial as `failed`; one that stays out longer than the stall
// limit ends it as `hung`.

#include <cstdint>

namespace timetrial {

enum class StrictWord : uint32_t { ready, resumed, drained, saved, ended };

struct StrictMessage {
  StrictWord word = StrictWord::ready;
  uint32_t outcome = 0;        // of `ended`
  int64_t step = 0;            // of `drained` and `saved`
  int64_t shared_bytes = 0;    // that are valid in the shared memory
  double elapsed_seconds = 0;  // of `resumed`: the clock, for the submission's view of it
};

}  // namespace timetrial
