#include "harness/worker/evaluation_log.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace timetrial {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double metric_of(const std::map<std::string, double>& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  if (found == metrics.end()) throw std::logic_error("the workload's evaluation has no metric " + name);
  return found->second;
}

}  // namespace

EvaluationLog::EvaluationLog(const MetricTarget& target, TrialBudget& budget, Watchdog& watchdog,
                             std::vector<EvaluationResult>& shown)
    : target_(target), budget_(budget), watchdog_(watchdog), shown_(shown), best_(kNothing) {}

void EvaluationLog::note(const EvaluationRecord& record) {
  const double validation = metric_of(record.metrics, "validation/" + target_.metric);
  // Without a test target the workload has no test split, and so no metric of it.
  const double test = target_.test ? metric_of(record.metrics, "test/" + target_.metric) : kNothing;
  budget_.evaluated(record.submission_seconds, target_.reached(validation, target_.validation),
                    target_.test_reached(test));
  // Never NaN once there was a number: reached() is false for NaN.
  if (std::isnan(best_) || target_.reached(validation, best_)) best_ = validation;
  watchdog_.report(record.step, record.submission_seconds);
  watchdog_.report_best(best_);
  shown_.push_back({record.step, record.submission_seconds, record.metrics});
}

}  // namespace timetrial
