#include "parity_case.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "parity_generator.h"

namespace timetrial::parity {
namespace {

using nlohmann::json;

// Relative to a float64 port on a CPU, see the goldens' README.
constexpr double kDoubleTolerance = 1e-9;
// How much more than the reference's own two precisions a float32 port may be apart.
constexpr double kFloatAllowance = 10;
// Differences below one rounding of a float32 of size 1 mean nothing, whatever the reference's precisions
// show.
constexpr double kFloatFloor = 2e-7;

struct Tolerances {
  double logits;     // relative, in l2
  double logit;      // absolute, relative to the largest logit
  double loss;       // relative
  double gradient;   // relative to the norm of all gradients
  double adam_loss;  // relative
};

Tolerances tolerances(const json& golden_case, at::ScalarType dtype) {
  if (dtype == at::kDouble) {
    return {kDoubleTolerance, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance};
  }
  const json& apart = golden_case.at("f32_vs_f64");
  const auto allowed = [&](const char* name) {
    return kFloatAllowance * std::max(apart.at(name).get<double>(), kFloatFloor);
  };
  // Adam's first step is a sign function: float32 losses drift, more with every step.
  return {allowed("logits_l2_rel"), allowed("logits_first_maxabs"), allowed("loss_abs"),
          allowed("worst_grad_l2_rel"), 1e-3};
}

at::Tensor as_double(const at::Tensor& tensor) {
  return tensor.detach().to(at::kDouble).reshape(-1);
}

void expect_summary(const json& expected, const at::Tensor& tensor, double l2_tolerance,
                    double value_tolerance) {
  const at::Tensor values = as_double(tensor);
  const double l2 = expected.at("l2").get<double>();
  EXPECT_NEAR(values.norm().item<double>(), l2, l2_tolerance * l2);
  const double scale = std::max(1.0, expected.at("absmax").get<double>());
  EXPECT_NEAR(values.sum().item<double>(), expected.at("sum").get<double>(),
              value_tolerance * scale * static_cast<double>(values.numel()));
  const auto& first = expected.at("first");
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_NEAR(values[static_cast<int64_t>(i)].item<double>(), first[i].get<double>(),
                value_tolerance * scale)
        << "value " << i;
  }
}

void expect_inputs(const json& expected, const Batch& batch) {
  for (const auto& [name, description] : expected.items()) {
    SCOPED_TRACE("input " + name);
    const at::Tensor& tensor = batch.at(name);
    EXPECT_EQ(tensor.sizes().vec(), description.at("shape").get<std::vector<int64_t>>());
    expect_summary(description, tensor, 1e-12, 1e-12);
  }
}

Batch without_weights(Batch batch) {
  batch.tensors.erase("weights");
  return batch;
}

void expect_losses(const json& expected, const ParityModel& model, const Batch& batch,
                   const at::Tensor& logits, const Tolerances& tolerance) {
  for (const auto& [name, entry] : expected.items()) {
    SCOPED_TRACE("loss " + name);
    const bool masked = entry.at("masked").get<bool>();
    const Loss loss = model.loss(masked ? batch : without_weights(batch), logits,
                                 entry.at("label_smoothing").get<double>());
    const double summed = entry.at("summed").get<double>();
    EXPECT_NEAR(loss.summed.item<double>(), summed, tolerance.loss * std::max(1.0, std::abs(summed)));
    EXPECT_EQ(loss.valid_examples.item<double>(), entry.at("n_valid_examples").get<double>());
    EXPECT_EQ(loss.per_example.sizes().vec(),
              entry.at("per_example").at("shape").get<std::vector<int64_t>>());
    expect_summary(entry.at("per_example"), loss.per_example, tolerance.loss, tolerance.loss);
  }
}

// Each entry: name, l2, sum, absmax, first four values. Judged against the norm of all gradients together.
void expect_gradients(const json& expected, double total, const torch::nn::Module& module, double tolerance) {
  const auto parameters = module.named_parameters();
  ASSERT_EQ(expected.size(), parameters.size());
  for (size_t p = 0; p < parameters.size(); ++p) {
    const json& entry = expected[p];
    SCOPED_TRACE("gradient of " + parameters[p].key());
    EXPECT_EQ(entry[0].get<std::string>(), parameters[p].key());
    const at::Tensor gradient = as_double(parameters[p].value().grad());
    const double allowed = tolerance * total;
    EXPECT_NEAR(gradient.norm().item<double>(), entry[1].get<double>(), allowed);
    EXPECT_NEAR(gradient.sum().item<double>(), entry[2].get<double>(),
                allowed * std::sqrt(static_cast<double>(gradient.numel())));
    EXPECT_NEAR(gradient.abs().max().item<double>(), entry[3].get<double>(), allowed);
    for (size_t i = 0; i < entry[4].size(); ++i) {
      EXPECT_NEAR(gradient[static_cast<int64_t>(i)].item<double>(), entry[4][i].get<double>(), allowed) << i;
    }
  }
}

at::Tensor training_loss(const ParityModel& model, const Batch& batch) {
  return model.loss(batch, model.forward(batch, ForwardMode::train), 0.1).mean();
}

void expect_adamw(const json& expected, const ParityModel& model, const Batch& batch, double tolerance) {
  torch::optim::AdamW optimizer(
      model.module.parameters(),
      torch::optim::AdamWOptions(expected.at("lr").get<double>())
          .betas({expected.at("betas")[0].get<double>(), expected.at("betas")[1].get<double>()})
          .eps(expected.at("eps").get<double>())
          .weight_decay(expected.at("weight_decay").get<double>()));
  const auto& losses = expected.at("train_losses_before_step_1_2_3_and_after");
  for (size_t step = 0; step < losses.size(); ++step) {
    optimizer.zero_grad();
    const at::Tensor loss = training_loss(model, batch);
    const double wanted = losses[step].get<double>();
    EXPECT_NEAR(loss.item<double>(), wanted, tolerance * std::max(1.0, std::abs(wanted)))
        << "before step " << step + 1;
    if (step + 1 == losses.size()) break;
    loss.backward();
    optimizer.step();
  }
  double squares = 0;
  for (const auto& parameter : model.module.parameters())
    squares += std::pow(as_double(parameter).norm().item<double>(), 2);
  const double l2 = expected.at("params_l2_after").get<double>();
  EXPECT_NEAR(std::sqrt(squares), l2, tolerance * l2);
}

}  // namespace

std::filesystem::path golden_folder() {
  const std::filesystem::path folder =
      std::filesystem::path(TIMETRIAL_SOURCE_DIR) / ".." / "shared" / "golden" / "parity";
  return std::filesystem::exists(folder) ? folder : std::filesystem::path();
}

at::Tensor uniform_tensor(uint32_t seed, at::IntArrayRef shape) {
  at::Tensor tensor = at::empty(shape, at::kFloat);
  float* values = tensor.data_ptr<float>();
  for (int64_t i = 0; i < tensor.numel(); ++i)
    values[i] = static_cast<float>(uniform(seed, static_cast<uint64_t>(i)));
  return tensor;
}

at::Tensor hash_tensor(uint32_t seed, at::IntArrayRef shape, uint32_t modulus) {
  at::Tensor tensor = at::empty(shape, at::kLong);
  int64_t* values = tensor.data_ptr<int64_t>();
  for (int64_t i = 0; i < tensor.numel(); ++i) values[i] = hash(seed, static_cast<uint64_t>(i)) % modulus;
  return tensor;
}

void fill_parameters(torch::nn::Module& module) {
  const at::NoGradGuard no_grad;
  uint32_t position = 0;
  for (auto& item : module.named_parameters()) {
    at::Tensor parameter = item.value();
    const bool matrix = parameter.dim() >= 2;
    const bool norm_scale = parameter.dim() == 1 && item.key().ends_with("weight");
    const double fan =
        matrix ? static_cast<double>(parameter.numel()) / static_cast<double>(parameter.size(0)) : 0;
    at::Tensor values = at::empty(parameter.sizes(), at::kFloat);
    float* out = values.data_ptr<float>();
    for (int64_t i = 0; i < values.numel(); ++i) {
      const double u = uniform(position, static_cast<uint64_t>(i));
      out[i] = static_cast<float>(matrix ? std::sqrt(3 / fan) * u : norm_scale ? 1 + 0.1 * u : 0.1 * u);
    }
    parameter.copy_(values);
    ++position;
  }
}

void expect_parameters(const torch::nn::Module& module, const std::filesystem::path& csv) {
  std::ifstream file(csv);
  ASSERT_TRUE(file) << csv;
  std::string line;
  std::getline(file, line);  // header
  const auto parameters = module.named_parameters();
  size_t count = 0;
  while (std::getline(file, line)) {
    ASSERT_LT(count, parameters.size()) << "missing: " << line;
    std::istringstream fields(line);
    std::string index, name, shape, numel, type, fill, first;
    std::getline(fields, index, ',');
    std::getline(fields, name, ',');
    std::getline(fields, shape, ',');
    std::getline(fields, numel, ',');
    std::getline(fields, type, ',');
    std::getline(fields, fill, ',');
    fields >> first;
    const at::Tensor& parameter = parameters[count].value();
    EXPECT_EQ(parameters[count].key(), name);
    std::string sizes;
    for (const int64_t size : parameter.sizes()) sizes += (sizes.empty() ? "" : "x") + std::to_string(size);
    EXPECT_EQ(sizes, shape) << name;
    EXPECT_NEAR(parameter.detach().reshape(-1)[0].item<double>(), std::stod(first), 1e-8) << name;
    ++count;
  }
  EXPECT_EQ(count, parameters.size());
}

void expect_parity(const std::filesystem::path& golden, const std::string& case_name, at::ScalarType dtype,
                   const ParityModel& model, const Batch& original) {
  std::ifstream file(golden);
  ASSERT_TRUE(file) << golden;
  const json golden_case = json::parse(file).at("cases").at(case_name);
  expect_inputs(golden_case.at("inputs"), original);
  Batch batch = original;
  for (auto& [name, tensor] : batch.tensors) {
    if (tensor.is_floating_point()) tensor = tensor.to(dtype);
  }
  const json& expected = golden_case.at(dtype == at::kDouble ? "float64" : "float32");
  const Tolerances tolerance = tolerances(golden_case, dtype);
  {
    SCOPED_TRACE("evaluation");
    const at::NoGradGuard no_grad;
    const at::Tensor logits = model.forward(batch, ForwardMode::evaluate);
    expect_summary(expected.at("eval").at("logits"), logits, tolerance.logits, tolerance.logit);
    expect_losses(expected.at("eval").at("losses"), model, batch, logits, tolerance);
  }
  {
    SCOPED_TRACE("training");
    const json& train = expected.at("train");
    const at::Tensor logits = model.forward(batch, ForwardMode::train);
    expect_summary(train.at("logits"), logits, tolerance.logits, tolerance.logit);
    expect_losses(train.at("losses"), model, batch, logits.detach(), tolerance);
    const at::Tensor loss = training_loss(model, batch);
    EXPECT_NEAR(loss.item<double>(), train.at("loss").get<double>(), tolerance.loss);
    loss.backward();
    expect_gradients(train.at("grads_name_l2_sum_absmax_first4"), train.at("grad_l2_total").get<double>(),
                     model.module, tolerance.gradient);
  }
  SCOPED_TRACE("AdamW");
  expect_adamw(expected.at("adamw3"), model, batch, tolerance.adam_loss);
}

}  // namespace timetrial::parity
