// The fingerprint of every workload against every file of the reference's numbers that is there: values,
// losses, gradients, running statistics, three AdamW steps; parameter tables of all variants.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden_folder.h"
#include "workloads/fingerprint/fingerprint.h"

namespace timetrial {
namespace {

using nlohmann::json;

// Relative to a float64 port on a CPU, see the goldens' README.
constexpr double kDoubleTolerance = 1e-9;
// How much more than the reference's own two precisions a float32 port may be apart.
constexpr double kFloatAllowance = 10;
// Differences below one rounding of a float32 of size 1 mean nothing, whatever the reference's precisions
// show.
constexpr double kFloatFloor = 2e-7;

// Parameters move little in three steps, however far the losses drift.
constexpr double kParameterTolerance = 1e-3;

struct Tolerances {
  double norm;       // of logits, relative in l2
  double value;      // of single logits, relative to the largest
  double loss;       // relative
  double gradient;   // relative to the norm of all gradients
  double adam_loss;  // relative
};

// How far the losses of the reference's own two precisions drift apart in three steps, relative.
double drift_of_adamw(const json& golden_case) {
  const auto losses = [&](const char* dtype) {
    return golden_case.at(dtype)
        .at("adamw3")
        .at("train_losses_before_step_1_2_3_and_after")
        .get<std::vector<double>>();
  };
  const std::vector<double> single = losses("float32"), exact = losses("float64");
  double drift = 0;
  for (size_t i = 0; i < exact.size(); ++i) {
    drift = std::max(drift, std::abs(single[i] - exact[i]) / std::max(1.0, std::abs(exact[i])));
  }
  return drift;
}

Tolerances tolerances(const json& golden_case, const std::string& dtype) {
  if (dtype == "float64") {
    return {kDoubleTolerance, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance};
  }
  const json& apart = golden_case.at("f32_vs_f64");
  const auto allowed = [&](const char* name) {
    return kFloatAllowance * std::max(apart.at(name).get<double>(), kFloatFloor);
  };
  // Adam's first step is a sign function: float32 losses drift, the more the worse gradients are conditioned.
  return {allowed("logits_l2_rel"), allowed("logits_first_maxabs"), allowed("loss_abs"),
          allowed("worst_grad_l2_rel"), std::max(1e-3, kFloatAllowance * drift_of_adamw(golden_case))};
}

void expect_summary(const json& found, const json& expected, double norm_tolerance, double value_tolerance) {
  ASSERT_EQ(found.at("shape"), expected.at("shape"));
  const double l2 = expected.at("l2").get<double>();
  EXPECT_NEAR(found.at("l2").get<double>(), l2, norm_tolerance * l2);
  const double scale = std::max(1.0, expected.at("absmax").get<double>());
  EXPECT_NEAR(found.at("absmax").get<double>(), expected.at("absmax").get<double>(), value_tolerance * scale);
  double count = 1;
  for (const json& size : expected.at("shape")) count *= size.get<double>();
  EXPECT_NEAR(found.at("sum").get<double>(), expected.at("sum").get<double>(),
              value_tolerance * scale * count);
  ASSERT_EQ(found.at("first").size(), expected.at("first").size());
  for (size_t i = 0; i < expected.at("first").size(); ++i) {
    EXPECT_NEAR(found.at("first")[i].get<double>(), expected.at("first")[i].get<double>(),
                value_tolerance * scale)
        << "value " << i;
  }
}

void expect_inputs(const json& found, const json& expected) {
  for (const auto& [name, description] : expected.items()) {
    SCOPED_TRACE("input " + name);
    ASSERT_TRUE(found.contains(name));
    EXPECT_EQ(found.at(name).at("dtype"), description.at("dtype"));
    expect_summary(found.at(name), description, 1e-12, 1e-12);
  }
}

void expect_losses(const json& found, const json& expected, const Tolerances& tolerance) {
  for (const auto& [name, entry] : expected.items()) {
    SCOPED_TRACE("loss " + name);
    ASSERT_TRUE(found.contains(name));
    const json& loss = found.at(name);
    const double summed = entry.at("summed").get<double>();
    EXPECT_NEAR(loss.at("summed").get<double>(), summed, tolerance.loss * std::max(1.0, std::abs(summed)));
    EXPECT_EQ(loss.at("n_valid_examples"), entry.at("n_valid_examples"));
    expect_summary(loss.at("per_example"), entry.at("per_example"), tolerance.loss, tolerance.loss);
  }
}

// Each entry: name, l2, sum, absmax, first four values. Judged against the norm of all gradients together.
void expect_gradients(const json& found, const json& expected, const json& parameters, double allowed) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t p = 0; p < expected.size(); ++p) {
    SCOPED_TRACE("gradient of " + expected[p][0].get<std::string>());
    EXPECT_EQ(found[p][0], expected[p][0]);
    EXPECT_NEAR(found[p][1].get<double>(), expected[p][1].get<double>(), allowed);
    EXPECT_NEAR(found[p][2].get<double>(), expected[p][2].get<double>(),
                allowed * std::sqrt(parameters[p][3].get<double>()));
    EXPECT_NEAR(found[p][3].get<double>(), expected[p][3].get<double>(), allowed);
    for (size_t i = 0; i < expected[p][4].size(); ++i) {
      EXPECT_NEAR(found[p][4][i].get<double>(), expected[p][4][i].get<double>(), allowed);
    }
  }
}

void expect_training(const json& found, const json& expected, const json& parameters,
                     const Tolerances& tolerance) {
  const double loss = expected.at("loss").get<double>();
  EXPECT_NEAR(found.at("loss").get<double>(), loss, tolerance.loss * std::max(1.0, loss));
  const double total = expected.at("grad_l2_total").get<double>();
  EXPECT_NEAR(found.at("grad_l2_total").get<double>(), total, tolerance.gradient * total);
  const char* gradients = "grads_name_l2_sum_absmax_first4";
  expect_gradients(found.at(gradients), expected.at(gradients), parameters, tolerance.gradient * total);
  const char* buffers = "bn_buffers_after_one_train_forward_name_sum_l2";
  EXPECT_EQ(found.contains(buffers), expected.contains(buffers));
  if (!expected.contains(buffers)) return;
  ASSERT_EQ(found.at(buffers).size(), expected.at(buffers).size());
  for (size_t b = 0; b < expected.at(buffers).size(); ++b) {
    const json& entry = expected.at(buffers)[b];
    SCOPED_TRACE("buffer " + entry[0].get<std::string>());
    EXPECT_EQ(found.at(buffers)[b][0], entry[0]);
    const double l2 = entry[2].get<double>();
    EXPECT_NEAR(found.at(buffers)[b][1].get<double>(), entry[1].get<double>(),
                100 * tolerance.norm * (1 + l2));
    EXPECT_NEAR(found.at(buffers)[b][2].get<double>(), l2, 10 * tolerance.norm * (1 + l2));
  }
}

void expect_adamw(const json& found, const json& expected, double tolerance) {
  const char* losses = "train_losses_before_step_1_2_3_and_after";
  ASSERT_EQ(found.at(losses).size(), expected.at(losses).size());
  for (size_t i = 0; i < expected.at(losses).size(); ++i) {
    const double loss = expected.at(losses)[i].get<double>();
    EXPECT_NEAR(found.at(losses)[i].get<double>(), loss, tolerance * std::max(1.0, std::abs(loss)))
        << "after step " << i;
  }
  for (const char* name : {"lr", "betas", "eps", "weight_decay"})
    EXPECT_EQ(found.at(name), expected.at(name));
  const double l2 = expected.at("params_l2_after").get<double>();
  EXPECT_NEAR(found.at("params_l2_after").get<double>(), l2, std::min(tolerance, kParameterTolerance) * l2);
}

// One file of the goldens and what of it to compare.
struct Golden {
  std::string workload;
  std::string variant;
  std::filesystem::path file;
  std::string part;  // case and dtype, or empty

  std::string name() const {
    if (workload.empty()) return "absent";
    return workload + "_" + (variant.empty() ? "base" : variant) + (part.empty() ? "" : "_" + part);
  }
};

std::ostream& operator<<(std::ostream& stream, const Golden& golden) {
  return stream << golden.name();
}

// PREFIX.EXTENSION and PREFIX_<variant>.EXTENSION of every workload that this program has.
std::vector<Golden> golden_files(const std::string& prefix, const std::string& extension) {
  std::vector<Golden> found;
  for (const std::string& workload : workload_names()) {
    const std::filesystem::path folder = golden_parity_folder() / workload;
    if (golden_parity_folder().empty() || !std::filesystem::exists(folder)) continue;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      const std::string stem = file.stem().string();
      if (file.extension() != extension || !stem.starts_with(prefix)) continue;
      found.push_back({workload, stem == prefix ? "" : stem.substr(prefix.size() + 1), file, ""});
    }
  }
  return found;
}

// Without goldens one instance remains, which says so.
std::vector<Golden> parts_of_golden_files() {
  std::vector<Golden> parts;
  for (const Golden& golden : golden_files("golden", ".json")) {
    std::ifstream stream(golden.file);
    const json parsed = json::parse(stream);
    for (const auto& [name, entry] : parsed.at("cases").items()) {
      for (const char* dtype : {"float32", "float64"}) {
        parts.push_back(golden);
        parts.back().part = name + "_" + dtype;
      }
    }
  }
  if (parts.empty()) parts.emplace_back();
  return parts;
}

std::vector<Golden> parameter_tables() {
  std::vector<Golden> tables = golden_files("params", ".csv");
  if (tables.empty()) tables.emplace_back();
  return tables;
}

FingerprintRequest request_for(const Golden& golden) {
  FingerprintRequest request;
  request.workload = golden.workload;
  request.options.variant = golden.variant;
  return request;
}

class FingerprintParity : public testing::TestWithParam<Golden> {};

TEST_P(FingerprintParity, AgreesWithTheReference) {
  SKIP_WITHOUT_GOLDENS();
  const Golden& golden = GetParam();
  const size_t cut = golden.part.rfind('_');
  const std::string dtype = golden.part.substr(cut + 1);
  FingerprintRequest request = request_for(golden);
  request.case_name = golden.part.substr(0, cut);
  request.dtypes = {dtype == "float64" ? at::kDouble : at::kFloat};
  std::ifstream stream(golden.file);
  const json expected = json::parse(stream);
  const json found = fingerprint(request);

  EXPECT_EQ(found.at("param_count"), expected.at("param_count"));
  EXPECT_EQ(found.at("param_tensors"), expected.at("param_tensors"));
  EXPECT_EQ(found.at("buffers"), expected.at("buffers"));
  const json& expected_case = expected.at("cases").at(request.case_name);
  const json& found_case = found.at("cases").at(request.case_name);
  expect_inputs(found_case.at("inputs"), expected_case.at("inputs"));
  const Tolerances tolerance = tolerances(expected_case, dtype);
  for (const char* pass : {"eval", "train"}) {
    SCOPED_TRACE(pass);
    const json& wanted = expected_case.at(dtype).at(pass);
    expect_summary(found_case.at(dtype).at(pass).at("logits"), wanted.at("logits"), tolerance.norm,
                   tolerance.value);
    expect_losses(found_case.at(dtype).at(pass).at("losses"), wanted.at("losses"), tolerance);
  }
  expect_training(found_case.at(dtype).at("train"), expected_case.at(dtype).at("train"),
                  found.at("parameters"), tolerance);
  expect_adamw(found_case.at(dtype).at("adamw3"), expected_case.at(dtype).at("adamw3"), tolerance.adam_loss);
}

INSTANTIATE_TEST_SUITE_P(Golden, FingerprintParity, testing::ValuesIn(parts_of_golden_files()),
                         [](const auto& test) { return test.param.name(); });

class ParameterTable : public testing::TestWithParam<Golden> {};

TEST_P(ParameterTable, HasTheReferencesNamesShapesAndOrder) {
  SKIP_WITHOUT_GOLDENS();
  FingerprintRequest request = request_for(GetParam());
  request.dtypes = {};
  const json parameters = json(fingerprint(request)).at("parameters");
  std::ifstream file(GetParam().file);
  std::string line;
  std::getline(file, line);  // header
  size_t count = 0;
  while (std::getline(file, line)) {
    ASSERT_LT(count, parameters.size()) << "missing: " << line;
    std::istringstream fields(line);
    std::string index, name, shape, numel, kind, fill, first;
    for (std::string* field : {&index, &name, &shape, &numel, &kind, &fill})
      std::getline(fields, *field, ',');
    fields >> first;
    const json& found = parameters[count];
    EXPECT_EQ(found[1], name);
    EXPECT_EQ(found[2], shape) << name;
    std::string upper = found[4].get<std::string>();
    for (char& letter : upper) letter = static_cast<char>(std::toupper(letter));
    EXPECT_EQ(upper, kind) << name;
    EXPECT_EQ(found[5], fill) << name;
    const double value = std::stod(first);  // nine significant digits
    EXPECT_NEAR(found[6][0].get<double>(), value, 1e-8 * std::max(1.0, std::abs(value))) << name;
    ++count;
  }
  EXPECT_EQ(count, parameters.size());
}

INSTANTIATE_TEST_SUITE_P(Golden, ParameterTable, testing::ValuesIn(parameter_tables()),
                         [](const auto& test) { return test.param.name(); });

}  // namespace
}  // namespace timetrial
