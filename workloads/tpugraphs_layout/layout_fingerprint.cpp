#include "workloads/tpugraphs_layout/layout_fingerprint.h"

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/opcode.h"
#include "workloads/fingerprint/generator.h"

namespace timetrial {
namespace {

constexpr size_t kConfigurations = 4;
constexpr uint32_t kLayoutChoices = kLayoutDimensions + 1;  // -1 … 5

// Every node but the first consumes one before it.
MeasuredProgram made_up_program(uint32_t seed, int32_t nodes, std::vector<int32_t> configurable) {
  MeasuredProgram program;
  for (size_t i = 0; i < static_cast<size_t>(nodes * kNodeFeatures); ++i)
    program.graph.features.push_back(static_cast<float>(generated_uniform(seed, i)));
  for (int32_t node = 0; node < nodes; ++node) {
    const uint32_t hash = generated_hash(seed + 1, static_cast<uint64_t>(node));
    program.graph.opcodes.push_back(static_cast<int32_t>(hash % (kHighestOpcode + 1)));
    if (node == 0) continue;
    program.graph.consumers.push_back(node);
    program.graph.producers.push_back(static_cast<int32_t>((hash >> 8) % static_cast<uint32_t>(node)));
  }
  program.configurable = std::move(configurable);
  for (size_t i = 0; i < kConfigurations * program.configurable.size() * kLayoutConfigurationValues; ++i) {
    const auto choice = static_cast<int>(generated_hash(seed + 2, i) % kLayoutChoices);
    program.layouts.push_back(static_cast<int8_t>(choice + kNoDimension));
  }
  for (size_t i = 0; i < kConfigurations; ++i)
    program.times.push_back(1.5 + static_cast<double>(generated_uniform(seed + 3, i)));
  return program;
}

}  // namespace

std::vector<MeasuredProgram> made_up_programs(int64_t segment_nodes) {
  std::vector<MeasuredProgram> programs = {made_up_program(1101, 7, {1, 4, 6}),
                                           made_up_program(1111, 4, {2})};
  for (MeasuredProgram& program : programs)
    program.segments = contiguous_segments(program.graph.nodes(), segment_nodes);
  return programs;
}

}  // namespace timetrial
