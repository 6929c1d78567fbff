#include "harness/worker/step_graphs.h"

#include <exception>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

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
  const at::NoGradGuard no_grad;
  const InStepPart copying(times_, StepPart::host_to_device);
  recording.buffers.examples = batch.examples;
  for (const auto& [name, tensor] : batch.tensors) {
    at::Tensor& buffer = recording.buffers.tensors[name];
    if (!buffer.defined()) {
      buffer =
          at::empty(tensor.sizes(), tensor.options().device(device_.torch_device()).pinned_memory(false));
    }
    buffer.copy_(tensor, /*non_blocking=*/true);
  }
}

void StepGraphs::give_up(const std::string& reason) {
  given_up_ = true;
  problem_ = reason;
}

StepGraphs::Result StepGraphs::make_ordinary(Batch& batch, const std::function<at::Tensor()>& update) {
  copy_batch(times_, batch, device_.torch_device());
  return {update(), false};
}

StepGraphs::Result StepGraphs::run(Batch& batch, const std::function<at::Tensor()>& update) {
  const Shape shape = shape_of(batch);
  const auto known = by_shape_.find(shape);
  if (!given_up_ && known == by_shape_.end() && by_shape_.size() == kMostShapes) {
    give_up("batches came in more than " + std::to_string(kMostShapes) +
            " shapes, and a recording serves one; updates of further shapes are ordinary ones");
  }
  if (given_up_ && (known == by_shape_.end() || !known->second.work)) return {update(), false};
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
