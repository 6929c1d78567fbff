#include "workloads/tpugraphs_tile/tile_batch.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/ATen.h>

#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/layers/row_groups.h"

namespace timetrial {
namespace {

using Indices = std::vector<int64_t>;

template <typename Value>
at::Tensor tensor_of(const std::vector<Value>& values, at::IntArrayRef shape) {
  constexpr at::ScalarType type = std::is_same_v<Value, float> ? at::kFloat : at::kLong;
  at::Tensor tensor = at::empty(shape, type);
  std::copy(values.begin(), values.end(), tensor.data_ptr<Value>());
  return tensor;
}

at::Tensor tensor_of(const Indices& values) {
  return tensor_of(values, {static_cast<int64_t>(values.size())});
}

struct Lists {
  std::vector<float> features, configurations, times;
  Indices opcodes, node_counts, senders, receivers;
};

void append_graph(const ProgramGraph& graph, Lists& lists) {
  const auto first = static_cast<int64_t>(lists.opcodes.size());
  lists.features.insert(lists.features.end(), graph.features.begin(), graph.features.end());
  lists.opcodes.insert(lists.opcodes.end(), graph.opcodes.begin(), graph.opcodes.end());
  lists.node_counts.push_back(graph.nodes());
  for (size_t e = 0; e < graph.consumers.size(); ++e) {
    const int64_t consumer = first + graph.consumers[e], producer = first + graph.producers[e];
    lists.senders.insert(lists.senders.end(), {consumer, producer});
    lists.receivers.insert(lists.receivers.end(), {producer, consumer});
  }
}

void append_configurations(const ChosenConfigurations& chosen, Lists& lists) {
  for (const uint32_t i : chosen.configurations) {
    const auto row = chosen.kernel->configurations.begin() + static_cast<std::ptrdiff_t>(kTileFeatures * i);
    lists.configurations.insert(lists.configurations.end(), row, row + kTileFeatures);
    lists.times.push_back(static_cast<float>(chosen.kernel->times.at(i)));
  }
}

Indices permuted(const Indices& values, const Indices& order) {
  Indices result;
  result.reserve(order.size());
  for (const int64_t place : order) result.push_back(values[static_cast<size_t>(place)]);
  return result;
}

}  // namespace

Batch tile_batch(std::span<const ChosenConfigurations> chosen) {
  Lists lists;
  const int64_t each = chosen.empty() ? 0 : std::ssize(chosen.front().configurations);
  for (const ChosenConfigurations& one : chosen) {
    if (std::ssize(one.configurations) != each)
      throw std::logic_error("the kernels of a batch have different numbers of configurations");
    append_graph(one.kernel->graph, lists);
    append_configurations(one, lists);
  }
  const auto kernels = static_cast<int64_t>(chosen.size());
  const auto nodes = static_cast<int64_t>(lists.opcodes.size());
  const Indices receiver_offsets = group_offsets(lists.receivers, nodes);
  const Indices by_receiver = places_by_group(lists.receivers, receiver_offsets);
  const Indices senders = permuted(lists.senders, by_receiver);
  const Indices sender_offsets = group_offsets(senders, nodes);
  Batch batch;
  batch.examples = kernels;
  batch.tensors = {{"inputs", tensor_of(lists.features, {nodes, kNodeFeatures})},
                   {"opcodes", tensor_of(lists.opcodes)},
                   {"configurations", tensor_of(lists.configurations, {kernels, each, kTileFeatures})},
                   {"targets", tensor_of(lists.times, {kernels, each})},
                   {"senders", tensor_of(senders)},
                   {"receivers", tensor_of(permuted(lists.receivers, by_receiver))},
                   {"node_kernel", tensor_of(group_of_each(lists.node_counts))},
                   {"node_offsets", tensor_of(offsets_of(lists.node_counts))},
                   {"sender_order", tensor_of(places_by_group(senders, sender_offsets))},
                   {"sender_offsets", tensor_of(sender_offsets)},
                   {"receiver_offsets", tensor_of(receiver_offsets)}};
  return batch;
}

}  // namespace timetrial
