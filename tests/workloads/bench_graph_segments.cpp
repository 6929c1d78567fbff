// What Graph Segment Training saves on one large program: the training step of the language model at its
// official size, some 10,000 nodes, every tenth configurable, 16 made-up configurations. Prints seconds a
// training step (forward, loss, backward) and the peak of tensor memory in it, whole or in segments.

#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include "harness/memory/installed_allocator.h"
#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/fingerprint/generator.h"
#include "workloads/graph_export/step_export.h"
#include "workloads/layers/segments.h"
#include "workloads/tpugraphs/ranking_losses.h"
#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/tpugraphs_layout/residual_network.h"
#include "workloads/tpugraphs_layout/segment_batch.h"
#include "workloads/tpugraphs_layout/segment_history.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr size_t kConfigurations = 16;
constexpr int32_t kConfigurableEvery = 10;

MeasuredProgram large_program() {
  WorkloadOptions options;
  options.device = at::kMeta;
  const auto workload = make_workload("finewebedu_lm", options);
  const Batch batch = meta_batch(workload->fingerprint_cases().back().batch, 8);
  const ExportedGraph exported = export_training_step(*workload, batch);
  MeasuredProgram program;
  program.graph.features = node_feature_matrix(exported.graph);
  for (const GraphNode& node : exported.graph.nodes)
    program.graph.opcodes.push_back(static_cast<int32_t>(node.opcode));
  const std::vector<int64_t> edges = edge_index(exported.graph);
  for (size_t i = 0; i < edges.size(); i += 2) {
    program.graph.consumers.push_back(static_cast<int32_t>(edges[i]));
    program.graph.producers.push_back(static_cast<int32_t>(edges[i + 1]));
  }
  for (int32_t node = 0; node < program.graph.nodes(); node += kConfigurableEvery)
    program.configurable.push_back(node);
  for (size_t i = 0; i < kConfigurations * program.configurable.size() * kLayoutConfigurationValues; ++i)
    program.layouts.push_back(static_cast<int8_t>(generated_hash(1, i) % 7) - 1);
  for (size_t i = 0; i < kConfigurations; ++i) program.times.push_back(0.5 + generated_uniform(2, i));
  return program;
}

const MeasuredProgram& program() {
  static const MeasuredProgram made = large_program();
  return made;
}

std::vector<uint32_t> all_configurations() {
  std::vector<uint32_t> all(kConfigurations);
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<uint32_t>(i);
  return all;
}

// Argument: nodes of a segment; 0: the whole program.
void BM_TrainingStep(benchmark::State& state) {
  CachingAllocator& memory = install_caching_allocator(0);
  const auto network =
      std::make_shared<ResidualNetwork>(ResidualConfig(), at::kFloat, seeded_generator(at::kCPU, 1));
  const int64_t segment_nodes = state.range(0);
  const HistoryRows rows({&program(), 1}, segment_nodes == 0 ? program().graph.nodes() : segment_nodes);
  const int64_t segments = std::ssize(rows.segments(0));
  SegmentHistory history(rows.count(), at::kFloat);
  size_t peak = 0;
  int64_t step = 0;
  for (auto _ : state) {
    const size_t before = memory.cache().use().in_use;
    memory.cache().forget_peaks();
    const ChosenProgram whole{&program(), all_configurations(), rows.segments(0)};
    const ChosenSegment part{0, all_configurations(), draw_segment(segments, 1, step++, 0)};
    const Batch batch = segment_nodes == 0 ? layout_batch({&whole, 1})
                                           : segment_batch({&program(), 1}, rows, {&part, 1}, 0, 1);
    at::Tensor scores =
        segment_sum(network->forward(batch), {batch.at("piece_program"), {}, batch.at("piece_offsets")});
    if (segment_nodes != 0) {
      const at::Tensor fresh = scores;
      scores = history.estimate(batch, fresh);
      history.store(batch, fresh);
    }
    list_mle(scores, batch.at("targets"), 1.0).sum().backward();
    for (const at::Tensor& parameter : network->parameters()) parameter.mutable_grad().reset();
    peak = std::max(peak, memory.cache().use().peak_in_use - before);
  }
  state.counters["nodes"] = static_cast<double>(program().graph.nodes());
  state.counters["segments"] = static_cast<double>(segments);
  state.counters["peak_MiB"] = static_cast<double>(peak) / (1 << 20);
}
BENCHMARK(BM_TrainingStep)->Arg(0)->Arg(2000)->Arg(1000)->Arg(500)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace timetrial
