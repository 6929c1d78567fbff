#pragma once

// The updates of a capturable submission as recorded work: one recording for each shape of batch, of forward
// and backward pass and update together, with the batch in buffers that stay where they are. A shape is
// recorded after a few ordinary updates, in which libraries choose their algorithms and allocate what they
// keep.
//
// Where the update turns out not to be recordable, or batches come in too many shapes, updates go on as
// ordinary ones, and problem() says why. Threads: one.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
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
  // ordinary update and while recording. Throws what `update` throws in an ordinary update.
  struct Result {
    at::Tensor loss;
    bool is_replay = false;
  };
  Result run(Batch& batch, const std::function<at::Tensor()>& update);

  int64_t recordings() const { return recordings_; }
  const std::string& problem() const { return problem_; }  // empty: none

 private:
  // Name, dtype and sizes of every tensor, and the number of examples, which a recording cannot see.
  using Shape = std::pair<int64_t, std::vector<std::pair<std::string, std::vector<int64_t>>>>;

  struct Recording {
    Batch buffers;
    at::Tensor loss;  // where a replay leaves it
    int ordinary_updates = 0;
    std::unique_ptr<RecordedWork> work;  // after buffers: freed first
  };

  static Shape shape_of(const Batch& batch);
  void fill(Recording& recording, const Batch& batch) const;
  Result make_ordinary(Batch& batch, const std::function<at::Tensor()>& update);
  void give_up(const std::string& reason);

  Device& device_;
  StepTimes& times_;
  std::map<Shape, Recording> by_shape_;
  int64_t recordings_ = 0;
  bool given_up_ = false;
  std::string problem_;
};

}  // namespace timetrial
