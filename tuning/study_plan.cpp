#include "tuning/study_plan.h"

#include <numeric>

#include "harness/errors/user_error.h"
#include "tuning/mt19937_legacy.h"
#include "tuning/trial_seed.h"

namespace timetrial {

namespace {

struct DealtPoint {
  Point point;
  std::string source;
};

// Point i belongs to study i / trials_per_study, trial i % trials_per_study.
std::vector<DealtPoint> deal_points(const StudyRequest& request) {
  const int64_t per_study = request.ruleset.trials_per_study;
  const int64_t total = request.ruleset.studies * per_study;
  std::vector<DealtPoint> dealt;
  if (request.ruleset.tuning == TuningMode::self_tuning) {
    return std::vector<DealtPoint>(static_cast<std::size_t>(total), DealtPoint{{}, "self-tuning"});
  }
  if (request.space->is_list()) {
    const std::vector<Point> entries = draw_points(*request.space, per_study);
    for (int64_t i = 0; i < total; ++i) {
      const int64_t entry = i % per_study;
      dealt.push_back(
          {entries[static_cast<std::size_t>(entry)],
           "list entry " + std::to_string(entry + 1) + " of " + std::to_string(request.space->list.size())});
    }
    return dealt;
  }
  const std::vector<Point> points = draw_points(*request.space, total);
  std::vector<int64_t> order(points.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  LegacyRandomState(static_cast<uint32_t>(mix_text(mix_seed(request.seed), "deal"))).shuffle(order);
  for (const int64_t index : order) {
    dealt.push_back({points[static_cast<std::size_t>(index)],
                     "halton point " + std::to_string(index + 1) + " of " + std::to_string(total)});
  }
  return dealt;
}

void require_space_where_due(const StudyRequest& request) {
  const Ruleset& ruleset = request.ruleset;
  if (ruleset.tuning == TuningMode::external && request.space == nullptr) {
    throw UserError({"this ruleset tunes from outside and needs a search space", "ruleset " + ruleset.name,
                     "none given",
                     "add a search_space.json to the submission, or run it under a self-tuning ruleset"});
  }
  if (ruleset.tuning == TuningMode::self_tuning && request.space != nullptr) {
    throw UserError(
        {"a self-tuning ruleset takes no search space", "ruleset " + ruleset.name,
         std::to_string(request.space->dimensions.size() + request.space->list.size()) + " entries",
         "remove the search space, or run the submission under an external-tuning ruleset"});
  }
}

std::vector<std::string> workloads_of(const StudyRequest& request) {
  if (request.workloads.empty()) {
    std::vector<std::string> names = request.ruleset.workloads;
    names.insert(names.end(), request.ruleset.held_out.begin(), request.ruleset.held_out.end());
    return names;
  }
  for (auto name = request.workloads.begin(); name != request.workloads.end(); ++name) {
    for (auto earlier = request.workloads.begin(); earlier != name; ++earlier) {
      if (*earlier == *name) {
        throw UserError(
            {"a workload was asked for twice", "list of workloads", *name, "name every workload once"});
      }
    }
  }
  return request.workloads;
}

}  // namespace

std::vector<StudyTrial> plan_study(const StudyRequest& request) {
  require_space_where_due(request);
  const std::string hardware_class =
      request.hardware_class.empty() ? request.benchmark.default_hardware_class : request.hardware_class;
  const std::vector<DealtPoint> dealt = deal_points(request);
  std::vector<StudyTrial> plan;
  for (const std::string& name : workloads_of(request)) {
    WorkloadRules rules = request.benchmark.rules(hardware_class, name);
    rules.budget_seconds *= request.ruleset.budget_factor;
    for (std::size_t i = 0; i < dealt.size(); ++i) {
      const int64_t study = static_cast<int64_t>(i) / request.ruleset.trials_per_study;
      const int64_t trial = static_cast<int64_t>(i) % request.ruleset.trials_per_study;
      plan.push_back({rules, study, trial, dealt[i].point, dealt[i].source,
                      trial_seed(request.seed, name, study, trial)});
    }
  }
  return plan;
}

}  // namespace timetrial
