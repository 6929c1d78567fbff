#include "results/uncertainty/time_replicates.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "results/scoring/special_values.h"
#include "results/uncertainty/quantile_tables.h"
#include "results/uncertainty/random_orders.h"

namespace timetrial {

namespace {

// Which prior each replicate uses: each as often as it weighs.
std::vector<std::size_t> deal_priors(const std::vector<SpreadPrior>& priors, std::size_t count) {
  std::vector<std::size_t> dealt(count);
  std::size_t prior = 0;
  double below = priors.front().weight;
  for (std::size_t i = 0; i < count; ++i) {
    const double position = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    while (prior + 1 < priors.size() && below < position) below += priors[++prior].weight;
    dealt[i] = prior;
  }
  return dealt;
}

// By how many deviations the median of all studies lies above that of the finite ones, for chances of a miss
// below 1/2: linear between the points of a table.
double median_shift(double miss_chance) {
  static const std::vector<double> table = [] {
    constexpr int kShifts = 400;
    std::vector<double> shifts;
    for (int i = 0; i <= kShifts; ++i) {
      shifts.push_back(normal_quantile(std::min(0.5 / (1 - 0.5 * i / kShifts), 1 - 1e-9)));
    }
    return shifts;
  }();
  const double position = 2 * miss_chance * static_cast<double>(table.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(position), table.size() - 2);
  return table[below] + (table[below + 1] - table[below]) * (position - static_cast<double>(below));
}

class Drawing {
 public:
  Drawing(const std::vector<CellEvidence>& cells, std::vector<SpreadPrior> priors, std::size_t count,
          uint64_t seed)
      : count_(count),
        priors_(std::move(priors)),
        prior_of_(deal_priors(priors_, count)),
        misses_(misses_of(cells)),
        orders_(seed) {
    orders_.shuffle(prior_of_);
  }

  void draw(const CellEvidence& cell, double* times) {
    if (std::isnan(cell.reported) || cell.hits() == 0) {
      std::fill(times, times + count_, cell.reported);
      return;
    }
    std::vector<double> deviations;
    for (const SpreadPrior& prior : priors_)
      deviations.push_back(std::sqrt(pooled_variance(prior, cell.spread)));
    const double factor = median_deviation(cell.hits());
    const double shift = std::isinf(cell.reported) ? 0 : median_shift(miss_share(cell));
    const std::vector<double>& shifts = shifts_of(cell.misses);
    const std::vector<uint32_t>& slices = orders_.next(count_);
    const std::vector<const std::vector<double>*> tables = tables_of(cell.spread.degrees);
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t prior = prior_of_[i];
      times[i] = cell.centre + deviations[prior] * (factor * (*tables[prior])[slices[i]] - shift);
    }
    const std::vector<uint32_t>& miss_slices = orders_.next(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      times[i] = std::exp(times[i] + deviations[prior_of_[i]] * shifts[miss_slices[i]]);
    }
  }

 private:
  static std::vector<CellMisses> misses_of(const std::vector<CellEvidence>& cells) {
    std::vector<CellMisses> misses;
    for (const CellEvidence& cell : cells) misses.push_back(cell.misses);
    return misses;
  }
  static double miss_share(const CellEvidence& cell) {
    return static_cast<double>(cell.misses.misses) / static_cast<double>(cell.misses.studies);
  }

  // Slices of the shift that the chance of a miss brings; infinite where more than half miss.
  const std::vector<double>& shifts_of(const CellMisses& cell) {
    const auto [entry, is_new] = shifts_.try_emplace({cell.studies, cell.misses});
    if (is_new) {
      entry->second = misses_.quantiles(cell, count_);
      for (double& value : entry->second) value = value < 0.5 ? median_shift(value) : kInfinity;
    }
    return entry->second;
  }

  std::vector<const std::vector<double>*> tables_of(double degrees) {
    std::vector<const std::vector<double>*> tables;
    for (const SpreadPrior& prior : priors_) {
      const double both = prior.degrees + degrees;
      const auto [entry, is_new] = tables_.try_emplace(both);
      if (is_new) entry->second = student_quantiles(both, count_);
      tables.push_back(&entry->second);
    }
    return tables;
  }

  std::size_t count_;
  std::vector<SpreadPrior> priors_;
  std::vector<std::size_t> prior_of_;
  MissModel misses_;
  RandomOrders orders_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<double>> shifts_;
  std::map<double, std::vector<double>> tables_;
};

}  // namespace

CellEvidence evidence_of(const std::vector<double>& study_times, double reported) {
  CellEvidence cell{reported, kNan, {}, {study_times.size(), 0}};
  // A target reached before the first step has no logarithm and no spread: such a cell stays as it is.
  if (std::any_of(study_times.begin(), study_times.end(), [](double time) { return time <= 0; })) {
    return {reported, kNan, {}, {}};
  }
  std::vector<double> logs;
  for (const double time : study_times) {
    if (std::isfinite(time)) logs.push_back(std::log(time));
  }
  cell.misses.misses = study_times.size() - logs.size();
  if (logs.empty()) return cell;
  const double mean = std::accumulate(logs.begin(), logs.end(), 0.0) / static_cast<double>(logs.size());
  double squares = 0;
  for (const double value : logs) squares += (value - mean) * (value - mean);
  cell.spread.degrees = static_cast<double>(logs.size() - 1);
  if (logs.size() > 1) cell.spread.variance = squares / cell.spread.degrees;
  cell.centre = std::isfinite(reported) ? std::log(reported) : mean;
  return cell;
}

std::optional<TimeReplicates> draw_replicates(const std::vector<CellEvidence>& cells, std::size_t count,
                                              uint64_t seed) {
  std::vector<CellSpread> spreads;
  for (const CellEvidence& cell : cells) spreads.push_back(cell.spread);
  std::vector<SpreadPrior> priors = fit_spread(spreads);
  if (priors.empty()) return std::nullopt;
  Drawing drawing(cells, std::move(priors), count, seed);
  TimeReplicates replicates{count, std::vector<double>(count * cells.size())};
  for (std::size_t i = 0; i < cells.size(); ++i) drawing.draw(cells[i], replicates.times.data() + i * count);
  return replicates;
}

}  // namespace timetrial
