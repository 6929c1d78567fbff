// What Graph Segment Training saves on one large program: the training step of the language model at its
// official size, 5,765 nodes, every tenth configurable, 16 made-up configurations. Prints seconds a training
// step (forward, loss, backward) and the peak of tensor memory in it, whole or in segments: ranges, or cut by
// METIS.

#include <algorithm>

#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include "edges_between_segments.h"
#include "harness/memory/installed_allocator.h"
#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/fingerprint/generator.h"
#include "workloads/graph_export/step_export.h"
#include "workloads/graph_partition/metis_parts.h"
#include "workloads/layers/segments.h"
#include "workloads/tpugraphs/ranking_losses.h"
#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/tpugraphs_layout/metis_segments.h"
#include "workloads/tpugraphs_layout/residual_network.h"
#include "workloads/tpugraphs_layout/segment_batch.h"
#include "workloads/tpugraphs_layout/segment_history.h"
#include "workloads/tpugraphs_layout/segment_order.h"
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

const MeasuredProgram& uncut_program() {
  static const MeasuredProgram made = large_program();
  return made;
}

std::vector<uint32_t> all_configurations() {
  std::vector<uint32_t> all(kConfigurations);
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<uint32_t>(i);
  return all;
}

MeasuredProgram cut_program(int64_t segment_nodes, bool by_metis) {
  MeasuredProgram program = uncut_program();
  if (by_metis)
    order_by_segment(program, metis_segments(program.graph, segment_nodes));
  else
    program.segments = contiguous_segments(program.graph.nodes(), segment_nodes);
  return program;
}

// Arguments: nodes of a segment, 0: the whole program; and whether METIS cuts.
void BM_TrainingStep(benchmark::State& state) {
  CachingAllocator& memory = install_caching_allocator(0);
  const auto network =
      std::make_shared<ResidualNetwork>(ResidualConfig(), at::kFloat, seeded_generator(at::kCPU, 1));
  const bool is_cut = state.range(0) != 0, by_metis = state.range(1) != 0;
  if (by_metis && !has_metis()) return state.SkipWithError("this build has no METIS (libmetis-dev)");
  const MeasuredProgram program = cut_program(state.range(0), by_metis);
  const HistoryRows rows({&program, 1});
  const int64_t segments = std::ssize(program.segments);
  SegmentHistory history(rows.count(), at::kFloat);
  size_t peak = 0;
  int64_t step = 0;
  for (auto _ : state) {
    const size_t before = memory.cache().use().in_use;
    memory.cache().forget_peaks();
    const ChosenProgram whole{&program, all_configurations(), program.segments};
    const ChosenSegment part{0, all_configurations(), draw_segment(segments, 1, step++, 0)};
    const Batch batch =
        is_cut ? segment_batch({&program, 1}, rows, {&part, 1}, 0, 1) : layout_batch({&whole, 1});
    at::Tensor scores =
        segment_sum(network->forward(batch), {batch.at("piece_program"), {}, batch.at("piece_offsets")});
    if (is_cut) {
      const at::Tensor fresh = scores;
      scores = history.estimate(batch, fresh);
      history.store(batch, fresh);
    }
    list_mle(scores, batch.at("targets"), 1.0).sum().backward();
    for (const at::Tensor& parameter : network->parameters()) parameter.mutable_grad().reset();
    peak = std::max(peak, memory.cache().use().peak_in_use - before);
  }
  state.counters["nodes"] = static_cast<double>(program.graph.nodes());
  state.counters["segments"] = static_cast<double>(segments);
  state.counters["edges"] = static_cast<double>(program.graph.consumers.size());
  state.counters["edges_cut"] = static_cast<double>(edges_between_segments(program));
  state.counters["peak_MiB"] = static_cast<double>(peak) / (1 << 20);
}
BENCHMARK(BM_TrainingStep)
    ->ArgNames({"segment", "metis"})
    ->Args({0, 0})
    ->ArgsProduct({{2000, 1000, 500}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace timetrial
