#include "workloads/tpugraphs_tile/tile_fingerprint.h"

#include <ATen/ATen.h>

#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/opcode.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/fingerprint/generator.h"
#include "workloads/tpugraphs_tile/tile_batch.h"

namespace timetrial {
namespace {

constexpr uint32_t kConfigurations = 4;

std::vector<float> generated(uint32_t seed, size_t count) {
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(generated_uniform(seed, i)));
  return values;
}

// Every node but the first consumes one before it.
MeasuredKernel made_up_kernel(uint32_t seed, int32_t nodes) {
  MeasuredKernel kernel;
  kernel.graph.features = generated(seed, static_cast<size_t>(nodes * kNodeFeatures));
  for (int32_t node = 0; node < nodes; ++node) {
    const uint32_t hash = generated_hash(seed + 1, static_cast<uint64_t>(node));
    kernel.graph.opcodes.push_back(static_cast<int32_t>(hash % (kHighestOpcode + 1)));
    if (node == 0) continue;
    kernel.graph.consumers.push_back(node);
    kernel.graph.producers.push_back(static_cast<int32_t>((hash >> 8) % static_cast<uint32_t>(node)));
  }
  kernel.configurations = generated(seed + 2, kConfigurations * kTileFeatures);
  for (const float value : generated(seed + 3, kConfigurations)) kernel.times.push_back(1.5 + value);
  return kernel;
}

}  // namespace

FingerprintCase tile_fingerprint_case() {
  const MeasuredKernel kernels[] = {made_up_kernel(1001, 5), made_up_kernel(1011, 3)};
  const std::vector<ChosenConfigurations> chosen = {{&kernels[0], {0, 1, 2, 3}}, {&kernels[1], {0, 1, 2, 3}}};
  return {.name = "k2", .batch = tile_batch(chosen)};
}

}  // namespace timetrial
