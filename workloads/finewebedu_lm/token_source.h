#pragma once

#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/finewebedu_lm/token_file.h"

namespace timetrial {

// The runs that one split uses, the first of its file.
struct TokenRuns {
  std::shared_ptr<const TokenFile> file;
  int64_t count = 0;
  int64_t length = 0;      // tokens
  int64_t vocabulary = 0;  // above every token
};

// "inputs", all tokens of the runs but the last, and "targets", all but the first, [count, length - 1] int64.
Batch token_batch(const TokenRuns& runs, const uint32_t* indices, int64_t count);

// Shuffled training batches. Every epoch is a permutation of all runs, where the reference shuffles within a
// window of 1,000.
std::unique_ptr<BatchSource> token_training(TokenRuns runs, int64_t batch_size, uint64_t seed);

}  // namespace timetrial
