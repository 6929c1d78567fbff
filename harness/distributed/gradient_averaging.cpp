#include "harness/distributed/gradient_averaging.h"

#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

namespace timetrial {
namespace {

// Above, copying a gradient to pack it costs more than a call of its own.
constexpr size_t kLargeBytes = size_t{256} << 10;
constexpr size_t kPackedBytes = size_t{1} << 20;

// Copies a dense gradient or zeros.
at::Tensor values_of(const at::Tensor& parameter) {
  const at::Tensor& gradient = parameter.grad();
  if (!gradient.defined()) return at::zeros({parameter.numel()}, parameter.options().requires_grad(false));
  return gradient.reshape(-1);
}

}  // namespace

// What runs when the gradient of a parameter is complete. LibTorch keeps hooks with the node that accumulates
// the gradient, and the node only as long as somebody holds it.
struct GradientAveraging::Hook {
  Hook(const at::Tensor& parameter, std::function<void()> call)
      : accumulator(torch::autograd::impl::grad_accumulator(parameter)) {
    key = accumulator->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(
        [call = std::move(call)](const torch::autograd::variable_list& outputs,
                                 const torch::autograd::variable_list& /*inputs*/) {
          call();
          return outputs;
        }));
  }
  ~Hook() { accumulator->del_post_hook(key); }
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  std::shared_ptr<torch::autograd::Node> accumulator;
  uintptr_t key = 0;
};

GradientAveraging::GradientAveraging(const std::vector<at::Tensor>& parameters, ProcessGroup& group,
                                     AroundWaiting around)
    : group_(group), around_(std::move(around)) {
  for (const at::Tensor& parameter : parameters) {
    if (parameter.requires_grad()) parameters_.push_back(parameter);
  }
  cut_into_pieces();
  for (size_t i = 0; i < parameters_.size(); ++i)
    hooks_.push_back(std::make_unique<Hook>(parameters_[i], [this, i] { gradient_arrived(i); }));
}

GradientAveraging::~GradientAveraging() = default;

void GradientAveraging::cut_into_pieces() {
  piece_of_.resize(parameters_.size());
  size_t packed = 0;
  bool open = false;  // the last piece takes more
  for (size_t i = parameters_.size(); i-- > 0;) {
    const size_t bytes = parameters_[i].nbytes();
    const bool large = bytes >= kLargeBytes;
    const bool fits =
        open && !large && packed + bytes <= kPackedBytes &&
        parameters_[pieces_.back().parameters.front()].options().type_equal(parameters_[i].options());
    if (!fits) {
      pieces_.emplace_back();
      packed = 0;
    }
    pieces_.back().parameters.push_back(i);
    piece_of_[i] = pieces_.size() - 1;
    packed += bytes;
    open = !large;
  }
}

void GradientAveraging::include(const at::Tensor& value) {
  included_.emplace_back();
  included_.back().values = value;
  included_.back().finish = group_.start_sum(value);
}

void GradientAveraging::gradient_arrived(size_t parameter) {
  if (!std::exchange(in_pass_, true))
    torch::autograd::Engine::get_default_engine().queue_callback([this] { complete(); });
  ++pieces_[piece_of_[parameter]].arrived;
  while (next_piece_ < pieces_.size() &&
         pieces_[next_piece_].arrived == pieces_[next_piece_].parameters.size()) {
    begin(pieces_[next_piece_++]);
  }
}

void GradientAveraging::begin(Piece& piece) {
  const at::NoGradGuard no_grad;
  const at::Tensor& first = parameters_[piece.parameters.front()];
  if (piece.parameters.size() == 1 && first.grad().defined()) {
    piece.values = first.grad();
  } else {
    std::vector<at::Tensor> parts;
    for (const size_t parameter : piece.parameters) parts.push_back(values_of(parameters_[parameter]));
    piece.values = at::cat(parts);
  }
  piece.finish = group_.start_sum(piece.values);
}

// At the end of the pass. A parameter that took no part in it stands for zeros.
void GradientAveraging::complete() {
  const at::NoGradGuard no_grad;
  while (next_piece_ < pieces_.size()) begin(pieces_[next_piece_++]);
  around_([this] {
    std::vector<at::Tensor> values;
    for (std::vector<Piece>* list : {&included_, &pieces_}) {
      for (Piece& piece : *list) {
        piece.finish();
        values.push_back(piece.values);
      }
    }
    at::_foreach_div_(values, static_cast<double>(group_.count()));
    for (const Piece& piece : pieces_) unpack(piece);
  });
  start_over();
}

void GradientAveraging::start_over() {
  for (Piece& piece : pieces_) {
    piece.values.reset();
    piece.finish = {};
    piece.arrived = 0;
  }
  included_.clear();
  next_piece_ = 0;
  in_pass_ = false;
}

void GradientAveraging::unpack(const Piece& piece) const {
  int64_t place = 0;
  for (const size_t index : piece.parameters) {
    const at::Tensor& parameter = parameters_[index];
    const at::Tensor& gradient = parameter.grad();
    const at::Tensor values =
        piece.values.is_same(gradient) ? at::Tensor() : piece.values.narrow(0, place, parameter.numel());
    place += parameter.numel();
    if (values.defined() && gradient.defined()) gradient.copy_(values.view(gradient.sizes()));
  }
}

}  // namespace timetrial
