#pragma once

// Averages the gradients of a model over the ranks, while the backward pass that makes them still runs:
// whoever starts the pass, and however often, gradients in grad() are averaged when it returns.
//
// Large gradients are added up where they lie; small ones are packed together. The order is that of the
// parameters from the last to the first, the same on every rank. Threads: that of the backward passes.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/distributed/process_group.h"

namespace timetrial {

class GradientAveraging {
 public:
  // Called with the work of completing the averages, for whoever counts time.
  using AroundWaiting = std::function<void(const std::function<void()>&)>;

  // Of the parameters that require gradients. `group` outlives this; parameters must keep their storage.
  GradientAveraging(const std::vector<at::Tensor>& parameters, ProcessGroup& group, AroundWaiting around);
  ~GradientAveraging();
  GradientAveraging(const GradientAveraging&) = delete;
  GradientAveraging& operator=(const GradientAveraging&) = delete;

  // A tensor that is averaged, in place, together with the gradients of the next backward pass.
  void include(const at::Tensor& value);

  // Forgets a pass that did not come to its end, on any rank.
  void start_over();

 private:
  struct Hook;

  // Parameters that are added up by one call.
  struct Piece {
    std::vector<size_t> parameters;
    size_t arrived = 0;
    at::Tensor values;             // of the gradients: one of them, or a copy of all
    std::function<void()> finish;  // empty: not begun
  };

  void cut_into_pieces();
  void gradient_arrived(size_t parameter);
  void begin(Piece& piece);
  void complete();
  void unpack(const Piece& piece) const;

  std::vector<at::Tensor> parameters_;
  ProcessGroup& group_;
  AroundWaiting around_;
  std::vector<std::unique_ptr<Hook>> hooks_;
  std::vector<size_t> piece_of_;  // parameter -> piece
  std::vector<Piece> pieces_;
  std::vector<Piece> included_;
  size_t next_piece_ = 0;  // to begin
  bool in_pass_ = false;
};

}  // namespace timetrial
