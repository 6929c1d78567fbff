#include "workloads/fingerprint/fingerprint.h"

#include <cmath>
#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/fingerprint/case_run.h"
#include "workloads/fingerprint/parameter_fill.h"
#include "workloads/fingerprint/state_dict_file.h"
#include "workloads/fingerprint/tensor_summary.h"

namespace timetrial {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kFirstInputs = 16;
constexpr const char* kLossDefinition =
    "summed/n_valid_examples with label_smoothing 0.1 (ignored by workloads whose loss has no classes) and "
    "mask=weights when the batch has weights";

std::string dtype_name(at::ScalarType dtype) {
  switch (dtype) {
    case at::kDouble:
      return "float64";
    case at::kFloat:
      return "float32";
    case at::kLong:
      return "int64";
    case at::kBool:
      return "bool";
    default:
      return c10::toString(dtype);
  }
}

double relative(double value, double base) {
  return base == 0 ? std::abs(value) : std::abs(value - base) / std::abs(base);
}

// How far the two precisions are apart: what a port in float32 may be expected to differ by.
ordered_json precision_gap(const ordered_json& single, const ordered_json& full) {
  double logits = 0;
  double first = 0;
  for (const char* pass : {"eval", "train"}) {
    const ordered_json& a = single.at(pass).at("logits");
    const ordered_json& b = full.at(pass).at("logits");
    logits = std::max(logits, relative(a.at("l2").get<double>(), b.at("l2").get<double>()));
    for (size_t i = 0; i < b.at("first").size(); ++i) {
      first = std::max(first, std::abs(a.at("first")[i].get<double>() - b.at("first")[i].get<double>()));
    }
  }
  double worst = 0;
  std::string worst_name;
  const ordered_json& gradients = full.at("train").at(kGradientsKey);
  for (size_t p = 0; p < gradients.size(); ++p) {
    const double gap =
        relative(single.at("train").at(kGradientsKey)[p][1].get<double>(), gradients[p][1].get<double>());
    if (gradients[p][1].get<double>() == 0 || gap <= worst) continue;
    worst = gap;
    worst_name = gradients[p][0].get<std::string>();
  }
  return {{"logits_l2_rel", logits},
          {"logits_first_maxabs", first},
          {"loss_abs",
           std::abs(single.at("train").at("loss").get<double>() - full.at("train").at("loss").get<double>())},
          {"worst_grad_l2_rel", worst},
          {"worst_grad_name", worst_name}};
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.5e", value);
  return text;
}

// Five digits of a share of the whole: a gradient that is zero in theory is noise around it.
std::string rounded_share(double value, double total) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.5f", total > 0 ? value / total : 0.0);
  return text;
}

std::string hash_of(Workload& workload, const ordered_json& result) {
  std::string text;
  for (const auto& item : workload.model().named_parameters()) {
    text += item.key() + c10::str(item.value().sizes()) + ";";
  }
  const ordered_json& train = result.at("train");
  for (const char* pass : {"eval", "train"}) {
    text += rounded(result.at(pass).at("logits").at("l2").get<double>()) + ";";
    for (const auto& [name, loss] : result.at(pass).at("losses").items()) {
      text += name + rounded(loss.at("summed").get<double>()) + ";";
    }
  }
  const double total = train.at("grad_l2_total").get<double>();
  text += rounded(total);
  for (const auto& gradient : train.at(kGradientsKey)) {
    text += ";" + rounded_share(gradient[1].get<double>(), total);
  }
  Sha256 digest;
  digest.update(text.data(), text.size());
  return digest.finish().substr(0, 12);
}

ordered_json parameter_table(Workload& workload) {
  ordered_json table = ordered_json::array();
  for (const Parameter& parameter : workload.parameters()) {
    std::string shape;
    for (const int64_t size : parameter.tensor.sizes())
      shape += (shape.empty() ? "" : "x") + std::to_string(size);
    table.push_back({table.size(), parameter.name, shape, parameter.tensor.numel(),
                     std::string(to_string(parameter.kind)),
                     to_string(fill_kind_of(parameter.name, parameter.tensor, workload.scales_minus_one())),
                     summarise(parameter.tensor, 3).at("first")});
  }
  return table;
}

void describe_model(ordered_json& result, Workload& workload) {
  int64_t count = 0;
  for (const auto& parameter : workload.model().parameters()) count += parameter.numel();
  result["param_count"] = count;
  result["param_tensors"] = workload.model().parameters().size();
  result["parameters"] = parameter_table(workload);
  ordered_json& buffers = result["buffers"] = ordered_json::array();
  for (const auto& item : workload.model().named_buffers()) {
    buffers.push_back({item.key(), item.value().sizes().vec()});
  }
  result["train_loss_definition"] = kLossDefinition;
}

ordered_json describe_inputs(const FingerprintCase& definition) {
  ordered_json inputs;
  for (const auto& [name, tensor] : definition.batch.tensors) {
    const auto renamed = definition.reference_names.find(name);
    ordered_json& entry = inputs[renamed == definition.reference_names.end() ? name : renamed->second];
    entry = summarise(tensor, kFirstInputs);
    entry["dtype"] = "torch." + dtype_name(tensor.scalar_type());
  }
  return inputs;
}

std::vector<FingerprintCase> chosen_cases(Workload& workload, const FingerprintRequest& request) {
  std::vector<FingerprintCase> cases = workload.fingerprint_cases();
  if (request.case_name.empty()) return cases;
  std::string known;
  for (FingerprintCase& definition : cases) {
    if (definition.name == request.case_name) return {std::move(definition)};
    known += (known.empty() ? "" : ", ") + definition.name;
  }
  throw UserError({"there is no such fingerprint case of " + request.workload, "", request.case_name,
                   "use one of: " + known});
}

void build(Workload& workload, at::ScalarType dtype, const std::optional<StateDict>& weights,
           const std::filesystem::path& file) {
  workload.build_fingerprint_model(dtype);
  if (weights)
    load_state_dict(workload.model(), *weights, file);
  else
    fill_parameters(workload.model(), workload.scales_minus_one());
}

}  // namespace

ordered_json fingerprint(const FingerprintRequest& request) {
  const std::unique_ptr<Workload> workload = make_workload(request.workload, request.options);
  std::optional<StateDict> weights;
  if (!request.weights.empty()) weights = read_state_dict(request.weights);
  ordered_json result = {{"workload", request.workload},
                         {"variant", request.options.variant.empty() ? "base" : request.options.variant},
                         {"tier", std::string(to_string(request.options.tier))},
                         {"torch", TORCH_VERSION}};
  build(*workload, request.dtypes.empty() ? at::kFloat : request.dtypes.front(), weights, request.weights);
  describe_model(result, *workload);
  for (const FingerprintCase& definition : chosen_cases(*workload, request)) {
    ordered_json& entry = result["cases"][definition.name];
    entry["inputs"] = describe_inputs(definition);
    for (const at::ScalarType dtype : request.dtypes) {
      build(*workload, dtype, weights, request.weights);
      CaseRun run(*workload, definition, dtype);
      ordered_json& numbers = entry[dtype_name(dtype)] = run.forward_and_backward();
      numbers["adamw3"] = run.three_adamw_steps();
      if (dtype == at::kDouble) entry["hash"] = hash_of(*workload, numbers);
    }
    if (entry.contains("float32") && entry.contains("float64")) {
      entry["f32_vs_f64"] = precision_gap(entry["float32"], entry["float64"]);
    }
  }
  return result;
}

std::string fingerprint_hash(const std::string& workload, const WorkloadOptions& options) {
  const std::unique_ptr<Workload> fresh = make_workload(workload, options);
  build(*fresh, at::kDouble, std::nullopt, {});
  const FingerprintCase first = fresh->fingerprint_cases().front();
  return hash_of(*fresh, CaseRun(*fresh, first, at::kDouble).forward_and_backward());
}

}  // namespace timetrial
