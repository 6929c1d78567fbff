#include "workloads/layers/convolution.h"

#include <ATen/ATen.h>

#include "workloads/layers/initial_values.h"

namespace timetrial {

ConvolutionLayer::ConvolutionLayer(const ConvolutionShape& shape, const at::TensorOptions& options,
                                   at::MemoryFormat format)
    : stride_(shape.stride),
      padding_(shape.padding),
      weight_(register_parameter(
          "weight", at::empty({shape.outputs, shape.inputs, shape.kernel, shape.kernel}, options, format))) {
  if (shape.bias) bias_ = register_parameter("bias", at::empty({shape.outputs}, options));
}

at::Tensor ConvolutionLayer::forward(const at::Tensor& images) const {
  return at::conv2d(images, weight_, bias_, stride_, padding_);
}

void ConvolutionLayer::init_lecun(const at::Generator& generator) {
  fill_lecun_normal(weight_, generator);
  if (bias_.defined()) fill_constant(bias_, 0);
}

}  // namespace timetrial
