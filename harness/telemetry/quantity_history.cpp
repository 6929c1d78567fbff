#include "harness/telemetry/quantity_history.h"

#include <algorithm>
#include <stdexcept>

namespace timetrial {

void QuantityHistory::add(double value) {
  minimum_ = seen_ == 0 ? value : std::min(minimum_, value);
  maximum_ = seen_ == 0 ? value : std::max(maximum_, value);
  if (seen_++ % stride_ != 0) return;
  kept_.push_back(value);
  if (kept_.size() <= most_kept_) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < kept_.size(); i += 2) kept_[kept++] = kept_[i];
  kept_.resize(kept);
  stride_ *= 2;
}

QuantityRange QuantityHistory::range() const {
  if (empty()) throw std::logic_error("nothing was seen of this quantity");
  std::vector<double> values = kept_;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  double median = *middle;
  if (values.size() % 2 == 0) median = (median + *std::max_element(values.begin(), middle)) / 2;
  return {minimum_, median, maximum_};
}

}  // namespace timetrial
