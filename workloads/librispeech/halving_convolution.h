#pragma once

// A 3x3 convolution of stride 2 over [batch, height, width, channels] with zeros around it as TensorFlow's
// "SAME" puts them: one row after an even height, one before and one after an odd one; columns alike.

#include <ATen/core/Tensor.h>

namespace timetrial {

// input [batch, height, width, in], kernel [out, in, 3, 3], bias [out]
// -> [batch, ceil(height / 2), ceil(width / 2), out]. On a CPU, where channels are many, as nine matrix
// products over the four phases of the input instead of LibTorch's convolution.
at::Tensor halving_convolution(const at::Tensor& input, const at::Tensor& kernel, const at::Tensor& bias);

// The same by LibTorch's convolution.
at::Tensor halving_convolution_composed(const at::Tensor& input, const at::Tensor& kernel,
                                        const at::Tensor& bias);

}  // namespace timetrial
