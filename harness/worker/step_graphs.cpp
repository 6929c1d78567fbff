#include "harness/worker/step_graphs.h"

#include <exception>
#include <utility>

#include <ATen/ATen.h>

#include "harness/device/room_on.h"
#include "harness/random/split_mix.h"
#include "harness/worker/batch_on_device.h"
#include "timetrial/ranks.h"

namespace timetrial {

StepGraphs::Shape StepGraphs::shape_of(const Batch& batch) {
  Shape shape = {batch.examples};
  for (const auto& [name, tensor] : batch.tensors) {
    shape.push_back(static_cast<int64_t>(name.size()));
    shape.insert(shape.end(), name.begin(), name.end());
    shape.insert(shape.end(), {static_cast<int64_t>(tensor.scalar_type()), tensor.dim()});
    shape.insert(shape.end(), tensor.sizes().begin(), tensor.sizes().end());
  }
  return shape;
}

StepGraphs::Shape StepGraphs::shape_over_ranks(const Batch& batch) const {
  const InStepPart waiting(times_, StepPart::gradient_averaging);
  Shape shape = shape_of(batch);
  uint64_t digest = 0;
  for (const int64_t number : shape)
    digest = split_mix_bits(digest + kSplitMixIncrement + static_cast<uint64_t>(number));
  const at::Tensor digests = at::zeros({ranks().count()}, at::kLong);
  auto* of_ranks = digests.mutable_data_ptr<int64_t>();
  of_ranks[ranks().rank()] = static_cast<int64_t>(digest);
  ranks().sum({digests});
  shape.insert(shape.end(), of_ranks, of_ranks + ranks().count());
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

std::string StepGraphs::record(Recording& recording, const std::function<at::Tensor()>& update) {
  times_.abandon();
  std::string problem;
  try {
    recording.work = device_.record([&] { recording.loss = update(); });
  } catch (const std::exception& error) {
    problem = std::string("the update could not be recorded: ") + error.what();
  }
  const at::Tensor failures = at::full({1}, problem.empty() ? 0 : 1, at::kLong);
  ranks().sum({failures});
  if (problem.empty() && failures.item<int64_t>() > 0) problem = "another rank could not record the update";
  if (!problem.empty()) recording.work.reset();
  return problem;
}

StepGraphs::Result StepGraphs::run(Batch& batch, const std::function<at::Tensor()>& update) {
  if (given_up_ && recordings_ == 0) return make_ordinary(batch, update);
  const Shape shape = ranks().count() == 1 ? shape_of(batch) : shape_over_ranks(batch);
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
    if (const std::string problem = record(recording, update); !problem.empty()) {
      give_up(problem);
      batch = own;
      return make_ordinary(batch, update);
    }
    ++recordings_;
  }
  const InStepPart whole(times_, StepPart::update);
  recording.work->replay();
  // The next replay writes its own there.
  return {recording.loss.defined() ? recording.loss.clone() : at::Tensor(), true};
}

}  // namespace timetrial
