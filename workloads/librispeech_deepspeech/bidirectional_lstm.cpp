#include "workloads/librispeech_deepspeech/bidirectional_lstm.h"

#include <cmath>
#include <string>

#include <torch/torch.h>

namespace timetrial {
namespace {

constexpr int64_t kGates = 4;

// Where every frame of a batch goes when the frames before each row's end are reversed and its padding stays:
// numbers of frames among all of the batch, [batch * frames].
at::Tensor reversed_places(const FrameMask& mask) {
  const at::Tensor places = at::arange(mask.frames(), mask.lengths().options()).unsqueeze(0);
  const at::Tensor lengths = mask.lengths().unsqueeze(1);
  const at::Tensor within = at::where(places.lt(lengths), lengths - 1 - places, places);
  return (within + at::arange(lengths.size(0), lengths.options()).unsqueeze(1) * mask.frames()).flatten();
}

// Reversing twice changes nothing: the gradient is reversed likewise, where that of an ordinary selection of
// rows would be scattered.
class Reversal : public torch::autograd::Function<Reversal> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& frames,
                            const at::Tensor& places) {
    context->save_for_backward({places});
    return frames.flatten(0, 1).index_select(0, places).view(frames.sizes());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    return {Reversal::apply(gradients.front(), context->get_saved_variables().front()), at::Tensor()};
  }
};

}  // namespace

BidirectionalLstm::BidirectionalLstm(int64_t width, const at::TensorOptions& options,
                                     const at::Generator& generator)
    : hidden_(width / 2) {
  const at::NoGradGuard no_grad;
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_));
  for (const std::string direction : {"_l0", "_l0_reverse"}) {
    const auto add = [&](const char* name, at::IntArrayRef shape) {
      weights_.push_back(register_parameter(name + direction, at::empty(shape, options)));
      weights_.back().uniform_(-bound, bound, generator);
    };
    add("weight_ih", {kGates * hidden_, width});
    add("weight_hh", {kGates * hidden_, hidden_});
    add("bias_ih", {kGates * hidden_});
    add("bias_hh", {kGates * hidden_});
  }
}

at::Tensor BidirectionalLstm::forward(const at::Tensor& frames, const FrameMask& mask) const {
  if (!mask.any_padding()) return read(frames, /*both=*/true, 0);
  // Not packed: packed sequences leave the fast kernels. Forwards, padding comes last and changes nothing
  // before it; backwards is forwards over reversed rows.
  const at::Tensor places = reversed_places(mask);
  constexpr size_t kBackwards = 4;
  const at::Tensor ahead = read(frames, /*both=*/false, 0);
  const at::Tensor back =
      Reversal::apply(read(Reversal::apply(frames, places), /*both=*/false, kBackwards), places);
  return mask.masked(at::cat({ahead, back}, 2));
}

at::Tensor BidirectionalLstm::read(const at::Tensor& frames, bool both, size_t first_parameter) const {
  const auto first = weights_.begin() + static_cast<std::ptrdiff_t>(first_parameter);
  const std::vector<at::Tensor> weights(first, first + (both ? 8 : 4));
  const at::Tensor start = at::zeros({both ? 2 : 1, frames.size(0), hidden_}, frames.options());
  return std::get<0>(at::lstm(frames, {start, start}, weights, /*has_biases=*/true, /*num_layers=*/1,
                              /*dropout=*/0, /*train=*/at::GradMode::is_enabled(), both,
                              /*batch_first=*/true));
}

}  // namespace timetrial
