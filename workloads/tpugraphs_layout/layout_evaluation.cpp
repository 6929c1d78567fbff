#include "workloads/tpugraphs_layout/layout_evaluation.h"

#include <algorithm>
#include <numeric>
#include <span>

#include <ATen/ATen.h>

#include "workloads/data/seeded_order.h"
#include "workloads/metrics/time_ranking.h"

namespace timetrial {
namespace {

constexpr uint64_t kEvaluationSeed = 2308'13490;
constexpr int64_t kBestOf[] = {1, 10, 100};

std::string slowdown_name(int64_t k) {
  return "top_" + std::to_string(k) + "_slowdown";
}

void add_ranking(const at::Tensor& scores, const std::vector<double>& times, double resolution,
                 Metrics& sums) {
  const at::Tensor rounded = scores.to(at::kFloat);
  const std::span<const float> predicted(rounded.const_data_ptr<float>(), times.size());
  sums["ordered_pair_accuracy"] += ordered_pairs(predicted, times, resolution).accuracy();
  sums["kendall_tau"] += kendall_tau(std::vector<double>(predicted.begin(), predicted.end()), times);
  for (const int64_t k : kBestOf) sums[slowdown_name(k)] += top_k_slowdown(predicted, times, k);
}

}  // namespace

std::vector<uint32_t> evaluated_configurations(int64_t available, int64_t most) {
  std::vector<uint32_t> chosen(static_cast<size_t>(available));
  std::iota(chosen.begin(), chosen.end(), 0U);
  if (available <= most) return chosen;
  chosen = seeded_order(static_cast<uint32_t>(available), kEvaluationSeed, 0);
  chosen.resize(static_cast<size_t>(most));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

LayoutEvaluation::LayoutEvaluation(const std::vector<const MeasuredProgram*>& programs,
                                   int64_t configurations, int64_t stretch) {
  const auto most = static_cast<size_t>(std::max<int64_t>(stretch, 1));
  for (const MeasuredProgram* program : programs) {
    programs_.push_back({program, evaluated_configurations(program->configuration_count(), configurations)});
    const size_t all = programs_.back().configurations.size();
    for (size_t begin = 0; begin < all; begin += most)
      stretches_.push_back({programs_.size() - 1, begin, std::min(begin + most, all)});
  }
}

Batch LayoutEvaluation::batch(int64_t index) const {
  const Stretch& stretch = stretches_.at(static_cast<size_t>(index));
  const Evaluated& evaluated = programs_[stretch.program];
  const auto& all = evaluated.configurations;
  const ChosenProgram chosen{evaluated.program,
                             {all.begin() + static_cast<std::ptrdiff_t>(stretch.begin),
                              all.begin() + static_cast<std::ptrdiff_t>(stretch.end)},
                             evaluated.program->segments};
  return layout_batch({&chosen, 1});
}

Metrics LayoutEvaluation::metrics(const std::vector<at::Tensor>& scores, const ListLoss& loss) const {
  Metrics sums = {{"loss", 0}, {"ordered_pair_accuracy", 0}, {"kendall_tau", 0}};
  for (const int64_t k : kBestOf) sums[slowdown_name(k)] = 0;
  size_t next = 0;
  for (size_t p = 0; p < programs_.size(); ++p) {
    std::vector<at::Tensor> parts;
    for (; next < stretches_.size() && stretches_[next].program == p; ++next)
      parts.push_back(scores.at(next));
    const at::Tensor of_program = at::cat(parts);
    std::vector<double> times;
    for (const uint32_t i : programs_[p].configurations) times.push_back(programs_[p].program->times[i]);
    sums["loss"] += loss(of_program.unsqueeze(0), at::tensor(times, at::kDouble).unsqueeze(0)).item<double>();
    add_ranking(of_program, times, programs_[p].program->resolution, sums);
  }
  for (auto& [name, value] : sums) value /= static_cast<double>(programs_.size());
  return sums;
}

}  // namespace timetrial
