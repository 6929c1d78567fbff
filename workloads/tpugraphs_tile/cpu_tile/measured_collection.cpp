#include "workloads/tpugraphs_tile/cpu_tile/measured_collection.h"

#include <map>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/machine/machine.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/data/whole_file.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/tpugraphs/pinned_thread.h"

namespace timetrial {
namespace {

constexpr const char* kCompiler = "g++/clang++ " __VERSION__;

std::vector<LeastTimes> times_of(const TileKernel& kernel, const MeasuredCollectionOptions& options) {
  return time_interleaved(
      {.ways = std::ssize(kernel.configurations),
       .rounds = options.rounds,
       .seed = options.seed,
       .run = [&](int64_t way) { kernel.run(kernel.configurations[static_cast<size_t>(way)]); },
       .nanoseconds = monotonic_nanoseconds});
}

std::vector<uint8_t> opcodes_of(const ComputationGraph& graph) {
  std::vector<uint8_t> opcodes;
  for (const GraphNode& node : graph.nodes) opcodes.push_back(static_cast<uint8_t>(node.opcode));
  return opcodes;
}

nlohmann::json provenance_of(const MeasuredCollectionOptions& options, const nlohmann::json& kernels) {
  const std::map<std::string, std::string> machine = describe_machine();
  const auto fact = [&](const char* name) {
    const auto found = machine.find(name);
    return found == machine.end() ? std::string() : found->second;
  };
  return {{"what", "loop nests of this program, timed on one core of a CPU; not TPU data"},
          {"cpu", fact("cpu")},
          {"kernel", fact("kernel")},
          {"compiler", kCompiler},
          {"date", options.date},
          {"rounds", options.rounds},
          {"seed", options.seed},
          {"least_tau", options.least_tau},
          {"kernels", kernels}};
}

}  // namespace

void write_kernel_file(const std::filesystem::path& file, const TileKernel& kernel,
                       const std::vector<LeastTimes>& times) {
  const auto nodes = static_cast<int64_t>(kernel.graph.nodes.size());
  const auto configurations = static_cast<int64_t>(times.size());
  const std::vector<int64_t> edges = edge_index(kernel.graph);
  std::vector<float> features;
  std::vector<int64_t> runtimes, halves;
  for (const TileConfiguration& configuration : kernel.configurations) {
    const auto row = tile_features(configuration);
    features.insert(features.end(), row.begin(), row.end());
  }
  for (const LeastTimes& time : times) runtimes.push_back(time.all);
  for (const LeastTimes& time : times) halves.push_back(time.even);
  for (const LeastTimes& time : times) halves.push_back(time.odd);
  NpzWriter writer(file);
  writer.add("node_feat", {nodes, kNodeFeatures}, node_feature_matrix(kernel.graph));
  writer.add("node_opcode", {nodes}, opcodes_of(kernel.graph));
  writer.add("edge_index", {std::ssize(edges) / 2, 2}, edges);
  writer.add("config_feat", {configurations, static_cast<int64_t>(kTileFeatures)}, features);
  writer.add("config_runtime", {configurations}, runtimes);
  writer.add("config_runtime_normalizers", {configurations},
             std::vector<int64_t>(times.size(), runtimes.front()));
  writer.add("config_runtime_halves", {2, configurations}, halves);
  writer.add("config_runtime_resolution", {1}, std::vector<double>{timing_noise(times).resolution});
  writer.finish();
}

void measure_collection(const std::vector<CollectedKernel>& collection, const std::filesystem::path& folder,
                        const MeasuredCollectionOptions& options) {
  const PinnedThread pinned;
  nlohmann::json kernels = nlohmann::json::array();
  std::set<std::string> left = {"train", "valid", "test"};
  for (const CollectedKernel& collected : collection) {
    const TileKernel kernel = collected.make();
    const std::vector<LeastTimes> times = times_of(kernel, options);
    const TimingNoise noise = timing_noise(times);
    const bool kept = noise.tau >= options.least_tau;
    kernels.push_back({{"name", kernel.name},
                       {"split", collected.split},
                       {"configurations", times.size()},
                       {"tau_between_halves", noise.tau},
                       {"ordered_pair_accuracy_between_halves", noise.accuracy},
                       {"resolution", noise.resolution},
                       {"kept", kept}});
    if (kept) {
      std::filesystem::create_directories(folder / collected.split);
      write_kernel_file(folder / collected.split / (kernel.name + ".npz"), kernel, times);
      left.erase(collected.split);
    }
    if (options.progress) options.progress(kernel.name, noise, kept);
  }
  if (!left.empty()) {
    throw UserError({"no kernel of a split could be timed well enough", *left.begin(),
                     "tau between halves below " + std::to_string(options.least_tau),
                     "measure on a machine with nothing else to do, or with more --rounds"});
  }
  write_whole_file(folder / "provenance.json", provenance_of(options, kernels).dump(1) + "\n");
}

}  // namespace timetrial
