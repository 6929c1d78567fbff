#include "workloads/librispeech/subsampling.h"

#include <cmath>

#include <ATen/ATen.h>

#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"
#include "workloads/librispeech/halving_convolution.h"
#include "workloads/librispeech/mel_statistics.h"

namespace timetrial {
namespace {

constexpr double kLongestTimescale = 10000;

// 1 to 1/10000, rounded to float32 in every precision, as the reference does.
at::Tensor inverse_timescales(int64_t count) {
  const double step = std::log(kLongestTimescale) / static_cast<double>(count - 1);
  return (at::arange(count, at::kFloat) * -step).exp();
}

}  // namespace

HalvingLayer::HalvingLayer(int64_t inputs, int64_t outputs, Activation activation,
                           const at::TensorOptions& options, const at::Generator& generator)
    : activation_(activation),
      kernel_(register_parameter("kernel", at::empty({outputs, inputs, 3, 3}, options))),
      bias_(register_parameter("bias", at::zeros({outputs}, options))) {
  fill_xavier_uniform(kernel_, generator);
}

at::Tensor HalvingLayer::forward(const at::Tensor& values, const FrameMask& mask) const {
  // Masked before the activation, which leaves zero as it is, for then both can overwrite what they get.
  at::Tensor halved = halving_convolution(values, kernel_, bias_);
  if (mask.any_padding()) halved.mul_(mask.kept().unsqueeze(3));
  return activate(activation_, std::move(halved));
}

Subsampling::Subsampling(const SubsamplingShape& shape, const at::TensorOptions& options,
                         const at::Generator& generator) {
  first_ = register_module(
      "conv1", std::make_shared<HalvingLayer>(1, shape.channels, shape.activation, options, generator));
  second_ = register_module("conv2", std::make_shared<HalvingLayer>(shape.channels, shape.channels,
                                                                    shape.activation, options, generator));
  linear_ = register_module(
      shape.linear_name, std::make_shared<LinearLayer>(shape.channels * kMelBands / 4, shape.width, options));
  linear_->init_xavier(generator);
  if (!shape.positions) return;
  for (const auto& layer : {first_, second_}) {
    layer->register_buffer("paddings_kernel", at::ones({1, 1, 1}, options));
  }
  const auto positions = register_module("pos_encode", std::make_shared<torch::nn::Module>());
  frequencies_ = positions->register_buffer(
      "inv_timescales", inverse_timescales(shape.width / 2).reshape({1, 1, -1}).to(options));
}

at::Tensor Subsampling::forward(const at::Tensor& features, const at::Tensor& paddings,
                                double dropout_rate) const {
  const at::Tensor half = halved_paddings(paddings);
  at::Tensor values = first_->forward(features.unsqueeze(3), FrameMask(half, features.options()));
  values = second_->forward(values, FrameMask(halved_paddings(half), features.options()));
  values = linear_->forward(values.flatten(2));  // bands first, channels within
  if (frequencies_.defined()) {
    const at::Tensor angles = at::arange(values.size(1), frequencies_.options()).unsqueeze(1) * frequencies_;
    values = values + at::cat({angles.sin(), angles.cos()}, 2);
  }
  return drop(values, dropout_rate);
}

}  // namespace timetrial
