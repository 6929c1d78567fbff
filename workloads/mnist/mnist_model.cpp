#include "workloads/mnist/mnist_model.h"

#include "workloads/mnist/mnist_data.h"

namespace timetrial {
namespace {

constexpr int64_t kHidden = 128;

}  // namespace

MnistModel::MnistModel(const at::TensorOptions& options, const at::Generator& generator) {
  const auto net = register_module("net", std::make_shared<torch::nn::Module>());
  layer1_ = net->register_module("layer1", std::make_shared<LinearLayer>(kMnistPixels, kHidden, options));
  layer2_ = net->register_module("layer2", std::make_shared<LinearLayer>(kHidden, kMnistClasses, options));
  // The reference keeps torch's default on its first initialisation.
  layer1_->init_as_torch(generator);
  layer2_->init_as_torch(generator);
}

at::Tensor MnistModel::forward(const at::Tensor& inputs) const {
  return layer2_->forward(at::sigmoid(layer1_->forward(inputs.reshape({inputs.size(0), kMnistPixels}))));
}

}  // namespace timetrial
