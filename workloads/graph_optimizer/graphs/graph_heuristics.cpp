#include "workloads/graph_optimizer/graphs/graph_heuristics.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/simulator/baselines/baseline_table.h"
#include "workloads/graph_optimizer/simulator/baselines/critical_path.h"
#include "workloads/graph_optimizer/simulator/baselines/fusion_rules.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPlacement = "placement";
constexpr const char* kHeuristicsCure = "write the data set again (README of graph_optimizer)";

std::vector<HeuristicTime> sorted_times(const std::vector<ScoredBaseline>& baselines) {
  std::vector<HeuristicTime> times;
  for (const ScoredBaseline& baseline : baselines)
    times.push_back({baseline.name, baseline.result.makespan_ps, baseline.result.excess_bytes});
  std::stable_sort(times.begin(), times.end(), [](const HeuristicTime& left, const HeuristicTime& right) {
    return Merit{left.excess_bytes, left.makespan_ps} < Merit{right.excess_bytes, right.makespan_ps};
  });
  return times;
}

// 0, 1, 2 … in the order of the levels of the given nodes, equal ones alike.
void number_levels(std::vector<int32_t>& level, const std::vector<NodeId>& nodes) {
  std::set<int32_t> values;
  for (const NodeId id : nodes) values.insert(level[id]);
  std::map<int32_t, int32_t> number;
  for (const int32_t value : values) number.emplace(value, static_cast<int32_t>(number.size()));
  for (const NodeId id : nodes) level[id] = number.at(level[id]);
}

// The same plan, full, its levels numbered.
Plan numbered_plan(const Plan& plan, const Dataflow& flow) {
  Plan full = full_plan(plan, flow);
  resolve_devices(plan, flow.units(), full.device);
  std::vector<NodeId> ops, fused;
  for (NodeId id = 0; id < flow.size(); ++id) {
    if (!flow.is_op(id)) {
      full.schedule_level[id] = 0;
      full.fusion_level[id] = kNeverFuse;
      continue;
    }
    ops.push_back(id);
    if (full.fusion_level[id] >= 0)
      fused.push_back(id);
    else
      full.fusion_level[id] = kNeverFuse;
  }
  number_levels(full.schedule_level, ops);
  number_levels(full.fusion_level, fused);
  return full;
}

ScoredBaseline scored(const std::string& name, const Plan& plan, Simulator& simulator) {
  return {name, plan, simulator.run(plan)};
}

}  // namespace

GraphHeuristics compute_heuristics(OptimizerGraph& graph) {
  const Dataflow flow(graph.graph);
  Simulator simulator(flow, graph.machine);
  GraphHeuristics heuristics;
  const auto plans = heuristic_baselines(simulator, decided_tasks(kAllTasks));
  heuristics[kAllTasks] = sorted_times(plans);
  graph.all_tasks = numbered_plan(best_of(plans).plan, flow);
  const auto placements = heuristic_baselines(simulator, decided_tasks(""));
  heuristics[kPlacement] = sorted_times(placements);
  const ScoredBaseline& best = best_of(placements);
  if (!best.result.valid())
    throw UserError({"no heuristic placement fits into memory", graph.name,
                     std::to_string(best.result.excess_bytes) + " bytes too much",
                     "give the machine of this graph more memory or more devices"});
  const Plan placed{best.plan.device, {}, {}};
  const ScoredBaseline plain = scored("base placement", placed, simulator);
  const std::vector<ScoredBaseline> schedules = {
      plain, scored("critical path", with_critical_path_schedule(placed, simulator), simulator)};
  heuristics["schedule"] = sorted_times(schedules);
  const auto fused = [&](FusionGain gain) { return with_greedy_fusion(placed, gain, flow, graph.machine); };
  const std::vector<ScoredBaseline> fusions = {
      plain, scored("fused by saved bytes", fused(FusionGain::saved_bytes), simulator),
      scored("fused by saved time", fused(FusionGain::saved_time), simulator)};
  heuristics["fusion"] = sorted_times(fusions);
  graph.single_tasks = numbered_plan(
      {placed.device, best_of(schedules).plan.schedule_level, best_of(fusions).plan.fusion_level}, flow);
  return heuristics;
}

void write_heuristics(const std::filesystem::path& file, const std::map<std::string, GraphHeuristics>& all) {
  Json json;
  for (const auto& [graph, heuristics] : all)
    for (const auto& [variant, times] : heuristics)
      for (const HeuristicTime& time : times)
        json[graph][variant].push_back(
            {{"plan", time.plan}, {"makespan_ps", time.makespan_ps}, {"excess_bytes", time.excess_bytes}});
  write_whole_file(file, json.dump(1) + "\n");
}

std::map<std::string, GraphHeuristics> read_heuristics(const std::filesystem::path& file) {
  std::map<std::string, GraphHeuristics> all;
  try {
    const Json json = Json::parse(read_whole_file(file));
    for (const auto& [graph, heuristics] : json.items())
      for (const auto& [variant, times] : heuristics.items())
        for (const Json& time : times)
          all[graph][variant].push_back({time.at("plan"), time.at("makespan_ps"), time.at("excess_bytes")});
  } catch (const Json::exception& error) {
    throw UserError(
        {"the times of the heuristics cannot be read", file.string(), error.what(), kHeuristicsCure});
  }
  return all;
}

const HeuristicTime& best_heuristic(const std::map<std::string, GraphHeuristics>& all,
                                    const std::string& graph, const std::string& variant) {
  const auto of_graph = all.find(graph);
  if (of_graph != all.end()) {
    const auto times = of_graph->second.find(variant.empty() ? kPlacement : variant);
    if (times != of_graph->second.end() && !times->second.empty()) {
      const HeuristicTime& best = times->second.front();
      if (best.excess_bytes == 0 && best.makespan_ps > 0) return best;
    }
  }
  throw UserError({"there is no heuristic plan that fits into memory", kBaselinesFile,
                   graph + (variant.empty() ? "" : ", " + variant), kHeuristicsCure});
}

}  // namespace timetrial
