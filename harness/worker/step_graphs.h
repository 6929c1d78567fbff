#pragma once

// The updates of a capturable submission as recorded work: one recording for each shape of batch, of forward
// and backward pass and update together, with the batch in buffers that stay where they are. A shape is
// recorded after a few ordinary updates, in which libraries choose their algorithms and allocate what they
// keep.
//
// Where the update turns out not to be recordable, or batches come in too many shapes, updates go on as
// ordinary ones, and problem() says why.
//
// Of several ranks (timetrial/ranks.h) all record and replay the same update or none does: NCCL wants a sum
// over GPUs recorded by every rank, and its recordings replayed together. A shape is then that of all their
// batches, which they tell each other before every update; their hosts wait for each other, no device does.
// Threads: one.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/device/device.h"
#include "harness/worker/step_times.h"
#include "timetrial/batch.h"

namespace timetrial {

class StepGraphs {
 public:
  static constexpr int kOrdinaryUpdates = 3;  // of each shape, before it is recorded
  static constexpr std::size_t kMostShapes = 8;

  // Both outlive this. The time of a replay is one piece: that of the submission's update; a step that is
  // recorded is not sampled, for its stamps would be recorded too.
  StepGraphs(Device& device, StepTimes& times) : device_(device), times_(times) {}

  // Makes one update of `batch`, which is replaced by the buffers that hold its values on the device.
  // `update` works on `batch` and returns the loss, undefined if none was reported; it is called for an
  // ordinary update and while recording. Throws what `update` throws in an ordinary update. To be called by
  // every rank.
  struct Result {
    at::Tensor loss;
    bool is_replay = false;
  };
  Result run(Batch& batch, const std::function<at::Tensor()>& update);

  int64_t recordings() const { return recordings_; }
  const std::string& problem() const { return problem_; }  // empty: none

 private:
  // Name, dtype and sizes of every tensor, and the number of examples, which a recording cannot see; with
  // several ranks a digest of each one's behind it.
  using Shape = std::vector<int64_t>;

  struct Recording {
    Batch buffers;
    at::Tensor loss;  // where a replay leaves it
    int ordinary_updates = 0;
    std::unique_ptr<RecordedWork> work;  // after buffers: freed first
  };

  static Shape shape_of(const Batch& batch);
  Shape shape_over_ranks(const Batch& batch) const;
  void fill(Recording& recording, const Batch& batch) const;
  Result make_ordinary(Batch& batch, const std::function<at::Tensor()>& update);
  // Empty, or why the update was not recorded. The same on every rank, but for the words.
  std::string record(Recording& recording, const std::function<at::Tensor()>& update);
  void give_up(const std::string& reason);

  Device& device_;
  StepTimes& times_;
  std::map<Shape, Recording> by_shape_;
  int64_t recordings_ = 0;
  bool given_up_ = false;
  std::string problem_;
};

}  // namespace timetrial
