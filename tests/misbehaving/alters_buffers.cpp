// Finds the running statistics of batch normalisation through the graph of a forward pass, and alters them
// before an evaluation.

#include <deque>
#include <optional>

#include <torch/csrc/autograd/generated/Functions.h>

#include "plain_sgd.h"

namespace timetrial {

class AltersBuffers : public PlainSgd {
 public:
  void prepare_for_eval(Model& model, TrainingQueue& queue) override {
    const at::Tensor logits = model.forward(queue.next(), {ForwardMode::evaluate, false, std::nullopt});
    std::deque<std::shared_ptr<torch::autograd::Node>> open = {logits.grad_fn()};
    for (; !open.empty(); open.pop_front()) {
      if (open.front() == nullptr) continue;
      if (auto* norm =
              dynamic_cast<torch::autograd::generated::NativeBatchNormBackward0*>(open.front().get())) {
        const at::NoGradGuard no_grad;
        norm->running_mean_.unpack().add_(1);
        return;
      }
      for (const torch::autograd::Edge& edge : open.front()->next_edges()) open.push_back(edge.function);
    }
    TORCH_CHECK(false, "no batch normalisation was found");
  }
};

TIMETRIAL_SUBMISSION(AltersBuffers)

}  // namespace timetrial
