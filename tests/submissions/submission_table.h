#pragma once

// Every submission with what the tests need to know of it. A new algorithm is one row here and one formula.

#include <ostream>
#include <string>
#include <vector>

#include "scalar_formulas.h"
#include "tested_submission.h"

namespace timetrial {

// Where a NaN or infinite gradient ends: in parameters or states, for the harness to see, or nowhere.
enum class NonFiniteGradient { passes_on, voids_the_step };

// The streams, each as large as the parameters, that one pass of an update moves.
struct PassTraffic {
  int reads = 0;        // only read: gradients, states that stay as they are
  int read_writes = 0;  // read and written
  int writes = 0;       // only written

  int moved() const { return reads + 2 * read_writes + writes; }
};

struct SubmissionCase {
  std::string library;
  Point point;                           // trains the golden problems; names every hyperparameter
  formulas::Formula formula = nullptr;   // null where a test of its own follows it
  std::vector<PassTraffic> passes = {};  // of elementwise updates
  NonFiniteGradient non_finite = NonFiniteGradient::passes_on;
  double float32_tolerance = 2e-6;  // of float32 after 50 steps, relative to the largest entry
  double idle_tolerance = 0;        // how exactly a parameter without gradient is left alone, relative
  bool self_tuning = true;          // trains with an empty point
  bool depends_on_threads = false;  // in the last bits: sums of matrix products are split among threads
  bool sync_free = true;            // never makes the host wait for the device in its hooks
  bool is_example = false;          // without search spaces beside the library, checks or a paper
};

const std::vector<SubmissionCase>& submission_cases();

void PrintTo(const SubmissionCase& submission, std::ostream* out);

}  // namespace timetrial
