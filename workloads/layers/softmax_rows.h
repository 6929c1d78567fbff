#pragma once

// Cross entropy of rows over a vocabulary, and its gradient, without LibTorch: their file is compiled for
// vector instructions. Each call works on a range of rows, so that ranges can run on several threads.

#include <cstdint>

namespace timetrial {

// Dense, row-major logits [rows, vocabulary] of float or double, and the class that is right in each row.
template <typename Real>
struct LogitRows {
  const Real* logits;
  const int64_t* targets;
  int64_t vocabulary;
  Real smoothing;  // share of the target that is spread evenly over the vocabulary
};

// For each row of [begin, end): log_sums = log Σ exp(logit), losses = -Σ q log softmax with
// q = (1 - smoothing) at the target and smoothing / vocabulary everywhere.
template <typename Real>
void row_losses(const LogitRows<Real>& rows, int64_t begin, int64_t end, Real* losses, Real* log_sums);

// gradients [rows, vocabulary] = loss_gradient of the row times (softmax - q). Rows whose loss gradient is 0
// become 0 without being computed.
template <typename Real>
void row_gradients(const LogitRows<Real>& rows, const Real* log_sums, const Real* loss_gradients,
                   int64_t begin, int64_t end, Real* gradients);

}  // namespace timetrial
