#include "workloads/tpugraphs_layout/cpu_layout/measured_layouts.h"

#include <algorithm>
#include <map>
#include <set>

#include <malloc.h>
#include <nlohmann/json.hpp>
#include <torch/torch.h>
#include <torch/version.h>

#include "harness/errors/user_error.h"
#include "harness/machine/machine.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/data/whole_file.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/tpugraphs/pinned_thread.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_replay.h"

namespace timetrial {
namespace {

// Memory that goes back to the system between two runs is timed when it is touched again.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

std::vector<LeastTimes> times_of(const LayoutGraph& graph, const std::vector<GraphLayouts>& configurations,
                                 const MeasuredLayoutsOptions& options) {
  std::vector<LayoutPlan> plans;
  for (const GraphLayouts& configuration : configurations) plans.push_back(layout_plan(graph, configuration));
  LayoutReplay replay(graph);
  return time_interleaved({.ways = std::ssize(plans),
                           .rounds = options.rounds,
                           .seed = options.seed,
                           .run = [&](int64_t way) { replay.run(plans[static_cast<size_t>(way)]); },
                           .nanoseconds = monotonic_nanoseconds});
}

// Slowest over fastest, and over the default, which is the first.
nlohmann::json spread_of(const std::vector<LeastTimes>& times) {
  int64_t least = times.front().all, most = least;
  for (const LeastTimes& time : times) {
    least = std::min(least, time.all);
    most = std::max(most, time.all);
  }
  const auto over = [&](int64_t time) { return static_cast<double>(most) / static_cast<double>(time); };
  return {{"slowest_over_fastest", over(least)}, {"slowest_over_default", over(times.front().all)}};
}

nlohmann::json provenance_of(const MeasuredLayoutsOptions& options, const nlohmann::json& graphs) {
  const std::map<std::string, std::string> machine = describe_machine();
  const auto fact = [&](const char* name) {
    const auto found = machine.find(name);
    return found == machine.end() ? std::string() : found->second;
  };
  return {{"what", "graphs of LibTorch operations, timed on one core of a CPU; not TPU data"},
          {"cpu", fact("cpu")},
          {"kernel", fact("kernel")},
          {"libtorch", TORCH_VERSION},
          {"date", options.date},
          {"rounds", options.rounds},
          {"seed", options.seed},
          {"least_tau", options.least_tau},
          {"graphs", graphs}};
}

}  // namespace

void write_layout_file(const std::filesystem::path& file, const LayoutGraph& graph,
                       const std::vector<GraphLayouts>& configurations,
                       const std::vector<LeastTimes>& times) {
  const auto nodes = static_cast<int64_t>(graph.graph.nodes.size());
  const auto count = static_cast<int64_t>(times.size());
  const std::vector<int64_t> edges = edge_index(graph.graph);
  std::vector<uint8_t> opcodes;
  for (const GraphNode& node : graph.graph.nodes) opcodes.push_back(static_cast<uint8_t>(node.opcode));
  std::vector<float> layouts;
  for (const GraphLayouts& configuration : configurations) {
    for (const LayoutConfiguration& values : configuration)
      layouts.insert(layouts.end(), values.begin(), values.end());
  }
  std::vector<int64_t> runtimes, halves;
  for (const LeastTimes& time : times) runtimes.push_back(time.all);
  for (const LeastTimes& time : times) halves.push_back(time.even);
  for (const LeastTimes& time : times) halves.push_back(time.odd);
  NpzWriter writer(file);
  writer.add("node_feat", {nodes, kNodeFeatures}, node_feature_matrix(graph.graph));
  writer.add("node_opcode", {nodes}, opcodes);
  writer.add("edge_index", {std::ssize(edges) / 2, 2}, edges);
  writer.add("node_config_ids", {std::ssize(graph.configurable)}, graph.configurable);
  writer.add("node_config_feat", {count, std::ssize(graph.configurable), int64_t{kLayoutConfigurationValues}},
             layouts);
  writer.add("node_splits", {1, 1}, std::vector<int64_t>{0});
  writer.add("config_runtime", {count}, runtimes);
  writer.add("config_runtime_halves", {2, count}, halves);
  writer.add("config_runtime_resolution", {1}, std::vector<double>{timing_noise(times).resolution});
  writer.finish();
}

void measure_layouts(const std::vector<CollectedGraph>& collection, const std::filesystem::path& folder,
                     const MeasuredLayoutsOptions& options) {
  const PinnedThread pinned;
  at::set_num_threads(1);
  keep_freed_memory();
  nlohmann::json graphs = nlohmann::json::array();
  std::set<std::string> left = {"train", "valid", "test"};
  for (size_t i = 0; i < collection.size(); ++i) {
    const LayoutGraph graph = collection[i].make();
    const auto configurations = layout_choices(graph, options.configurations, options.seed + i);
    const std::vector<LeastTimes> times = times_of(graph, configurations, options);
    const TimingNoise noise = timing_noise(times);
    const bool kept = noise.tau >= options.least_tau;
    nlohmann::json record = {{"name", graph.name},
                             {"split", collection[i].split},
                             {"nodes", graph.graph.nodes.size()},
                             {"configurable", graph.configurable.size()},
                             {"configurations", times.size()},
                             {"default_nanoseconds", times.front().all},
                             {"tau_between_halves", noise.tau},
                             {"resolution", noise.resolution},
                             {"kept", kept}};
    record.update(spread_of(times));
    graphs.push_back(record);
    if (kept) {
      std::filesystem::create_directories(folder / collection[i].split);
      write_layout_file(folder / collection[i].split / (graph.name + ".npz"), graph, configurations, times);
      left.erase(collection[i].split);
    }
    if (options.progress) options.progress(graph.name, noise, kept);
  }
  if (!left.empty()) {
    throw UserError({"no graph of a split could be timed well enough", *left.begin(),
                     "tau between halves below " + std::to_string(options.least_tau),
                     "measure on a machine with nothing else to do, or with more --rounds"});
  }
  write_whole_file(folder / "provenance.json", provenance_of(options, graphs).dump(1) + "\n");
}

}  // namespace timetrial
