#include "workloads/layers/residual_block.h"

#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

std::vector<ConvolutionShape> path_shapes(const ResidualBlockShape& block) {
  const int64_t width = block.width;
  const ConvolutionShape same_size = {.inputs = width, .outputs = width, .kernel = 3, .padding = 1};
  if (block.kind == ResidualBlockKind::basic) {
    ConvolutionShape first = same_size;
    first.inputs = block.inputs;
    first.stride = block.stride;
    return {first, same_size};
  }
  ConvolutionShape middle = same_size;
  middle.stride = block.stride;
  return {{.inputs = block.inputs, .outputs = width},
          middle,
          {.inputs = width, .outputs = width * expansion(block.kind)}};
}

}  // namespace

int64_t expansion(ResidualBlockKind kind) {
  return kind == ResidualBlockKind::bottleneck ? 4 : 1;
}

ResidualBlock::ResidualBlock(const ResidualBlockShape& shape, const at::TensorOptions& options,
                             at::MemoryFormat format, const at::Generator& generator)
    : activation_(shape.activation) {
  const auto add = [&](torch::nn::Module& parent, const std::string& convolution, const std::string& norm,
                       const ConvolutionShape& layer) {
    Layer added = {
        parent.register_module(convolution, std::make_shared<ConvolutionLayer>(layer, options, format)),
        parent.register_module(norm, std::make_shared<BatchNormLayer>(layer.outputs, options))};
    added.convolution->init_lecun(generator);
    return added;
  };
  for (const ConvolutionShape& layer : path_shapes(shape)) {
    const std::string number = std::to_string(path_.size() + 1);
    path_.push_back(add(*this, "conv" + number, "bn" + number, layer));
  }
  fill_constant(path_.back().norm->weight(), shape.last_norm_scale);
  const int64_t outputs = shape.width * expansion(shape.kind);
  if (shape.stride != 1 || shape.inputs != outputs) {
    const auto downsample = register_module("downsample", std::make_shared<torch::nn::Module>());
    projection_ =
        add(*downsample, "conv", "bn", {.inputs = shape.inputs, .outputs = outputs, .stride = shape.stride});
  }
}

at::Tensor ResidualBlock::forward(const at::Tensor& input, const ForwardOptions& options) const {
  at::Tensor values = path_.front().forward(input, options);
  for (size_t i = 1; i < path_.size(); ++i) {
    values = path_[i].forward(activate(activation_, std::move(values)), options);
  }
  const at::Tensor shortcut = projection_.convolution ? projection_.forward(input, options) : input;
  return activate(activation_, values.add_(shortcut));
}

}  // namespace timetrial
