#pragma once

// Runs a model on a parity case and compares everything the golden file holds: logits, losses with and
// without mask and smoothing, gradients, three AdamW steps.

#include <filesystem>
#include <functional>
#include <string>

#include <torch/torch.h>

#include "timetrial/model.h"

namespace timetrial::parity {

struct ParityModel {
  torch::nn::Module& module;
  std::function<at::Tensor(const Batch&, ForwardMode)> forward;
  std::function<Loss(const Batch&, const at::Tensor& logits, double label_smoothing)> loss;
};

// Where the golden files are; empty when they are not on this machine.
std::filesystem::path golden_folder();

// Tensors filled by the generator, computed in double and rounded once to float32.
at::Tensor uniform_tensor(uint32_t seed, at::IntArrayRef shape);
at::Tensor hash_tensor(uint32_t seed, at::IntArrayRef shape, uint32_t modulus);  // int64

// Gives every parameter the value the reference run used.
void fill_parameters(torch::nn::Module& module);

// Names, shapes and order against params*.csv.
void expect_parameters(const torch::nn::Module& module, const std::filesystem::path& csv);

// `batch` holds float32 or integer tensors; floating ones are converted to `dtype`.
void expect_parity(const std::filesystem::path& golden, const std::string& case_name, at::ScalarType dtype,
                   const ParityModel& model, const Batch& batch);

}  // namespace timetrial::parity

#define SKIP_WITHOUT_GOLDENS()                                                                 \
  if (timetrial::parity::golden_folder().empty()) {                                            \
    GTEST_SKIP() << "the reference's golden files are not beside the source tree (../shared)"; \
  }
