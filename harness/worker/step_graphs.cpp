#include "harness/worker/step_graphs.h"

#include <exception>

#include "harness/device/room_on.h"
#include "harness/worker/batch_on_device.h"

namespace timetrial {

StepGraphs::Shape StepGraphs::shape_of(const Batch& batch) {
  Shape shape;
  shape.first = batch.examples;
  for (const auto& [name, tensor] : batch.tensors) {
    std::vector<int64_t> numbers = tensor.sizes().vec();
    numbers.push_back(static_cast<int64_t>(tensor.scalar_type()));
    shape.second.emplace_back(name, std::move(numbers));
  }
  return shape;
}

void StepGraphs::fill(Recording& recording, const Batch& batch) const {
  const InStepPart copying(times_, StepPart::host_to_device);
  recording.buffers.examples = batch.examples;
  std::vector<at::Tensor> from;
  std::vector<at::Tensor> to;
  for (const auto& [name, tensor] : batch.tensors) {
    at::Tensor& buffer = recording.buffers.tensors[name];
    if (!buffer.defined()) buffer = room_on(device_, tensor);
    if (!tensor.is_cpu()) {  // put there by select_batch
      buffer.copy_(tensor, /*non_blocking=*/true);
      continue;
    }
    from.push_back(tensor);
    to.push_back(buffer);
  }
  device_.copy_in(from, to);
}

void StepGraphs::give_up(const std::string& reason) {
  given_up_ = true;
  problem_ = reason;
}

StepGraphs::Result StepGraphs::make_ordinary(Batch& batch, const std::function<at::Tensor()>& update) {
  copy_batch(times_, batch, device_);
  return {update(), false};
}

StepGraphs::Result StepGraphs::run(Batch& batch, const std::function<at::Tensor()>& update) {
  const Shape shape = shape_of(batch);
  const auto known = by_shape_.find(shape);
  if (!given_up_ && known == by_shape_.end() && by_shape_.size() == kMostShapes) {
    give_up("batches came in more than " + std::to_string(kMostShapes) +
            " shapes, and a recording serves one; updates of further shapes are ordinary ones");
  }
  if (given_up_ && (known == by_shape_.end() || !known->second.work)) return make_ordinary(batch, update);
  Recording& recording = known != by_shape_.end() ? known->second : by_shape_[shape];
  fill(recording, batch);
  const Batch own = std::exchange(batch, recording.buffers);
  if (!recording.work && recording.ordinary_updates < kOrdinaryUpdates) {
    ++recording.ordinary_updates;
    return {update(), false};
  }
  if (!recording.work) {
    times_.abandon();
    try {
      recording.work = device_.record([&] { recording.loss = update(); });
      ++recordings_;
    } catch (const std::exception& error) {
      give_up(std::string("the update could not be recorded: ") + error.what());
      batch = own;
      return make_ordinary(batch, update);
    }
  }
  const InStepPart whole(times_, StepPart::update);
  recording.work->replay();
  // The next replay writes its own there.
  return {recording.loss.defined() ? recording.loss.clone() : at::Tensor(), true};
}

}  // namespace timetrial
