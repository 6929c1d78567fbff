#include "workloads/tpugraphs_layout/layout_batch.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/ATen.h>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/layers/row_groups.h"

namespace timetrial {
namespace {

using Indices = std::vector<int64_t>;

template <typename Value>
at::Tensor tensor_of(const std::vector<Value>& values, at::IntArrayRef shape) {
  at::Tensor tensor = at::empty(shape, c10::CppTypeToScalarType<Value>::value);
  std::copy(values.begin(), values.end(), tensor.data_ptr<Value>());
  return tensor;
}

at::Tensor tensor_of(const Indices& values) {
  return tensor_of(values, {static_cast<int64_t>(values.size())});
}

struct Lists {
  std::vector<float> features, times;
  std::vector<int8_t> layouts;
  Indices opcodes, senders, receivers, configurable;
  Indices nodes_of_piece, configurable_of_piece, pieces_of_program;
};

constexpr int64_t kNowhere = -1;

// Where each node of the program comes to lie in the batch: kNowhere outside of the pieces; and the piece.
struct Places {
  Indices node, piece;
};

Places places_of(const ChosenProgram& chosen, const Lists& lists) {
  const auto nodes = static_cast<size_t>(chosen.program->graph.nodes());
  Places places{Indices(nodes, kNowhere), Indices(nodes, kNowhere)};
  auto next = static_cast<int64_t>(lists.opcodes.size());
  for (size_t p = 0; p < chosen.pieces.size(); ++p) {
    for (int64_t node = chosen.pieces[p].begin; node < chosen.pieces[p].end; ++node) {
      places.node[static_cast<size_t>(node)] = next++;
      places.piece[static_cast<size_t>(node)] = static_cast<int64_t>(p);
    }
  }
  return places;
}

void append_nodes(const ProgramGraph& graph, const NodeRange& range, Lists& lists) {
  const auto row = [&](int64_t node) { return graph.features.begin() + node * kNodeFeatures; };
  lists.features.insert(lists.features.end(), row(range.begin), row(range.end));
  lists.opcodes.insert(lists.opcodes.end(), graph.opcodes.begin() + range.begin,
                       graph.opcodes.begin() + range.end);
  lists.nodes_of_piece.push_back(range.end - range.begin);
}

void append_edges(const ProgramGraph& graph, const Places& places, Lists& lists) {
  for (size_t e = 0; e < graph.consumers.size(); ++e) {
    const auto from = static_cast<size_t>(graph.consumers[e]), to = static_cast<size_t>(graph.producers[e]);
    if (places.piece[from] != places.piece[to] || places.piece[from] == kNowhere) continue;
    const int64_t consumer = places.node[from], producer = places.node[to];
    lists.senders.insert(lists.senders.end(), {consumer, producer});
    lists.receivers.insert(lists.receivers.end(), {producer, consumer});
  }
}

void append_layouts(const ChosenProgram& chosen, const NodeRange& range, const Places& places, Lists& lists) {
  const MeasuredProgram& program = *chosen.program;
  const auto& all = program.configurable;
  const auto first = std::lower_bound(all.begin(), all.end(), range.begin);
  const auto last = std::lower_bound(first, all.end(), range.end);
  for (auto node = first; node != last; ++node) {
    lists.configurable.push_back(places.node[static_cast<size_t>(*node)]);
    for (const uint32_t configuration : chosen.configurations) {
      const size_t row = configuration * all.size() + static_cast<size_t>(node - all.begin());
      const auto values =
          program.layouts.begin() + static_cast<std::ptrdiff_t>(row * kLayoutConfigurationValues);
      lists.layouts.insert(lists.layouts.end(), values, values + kLayoutConfigurationValues);
    }
  }
  lists.configurable_of_piece.push_back(last - first);
}

void append(const ChosenProgram& chosen, Lists& lists) {
  const Places places = places_of(chosen, lists);
  for (const NodeRange& range : chosen.pieces) append_nodes(chosen.program->graph, range, lists);
  for (const NodeRange& range : chosen.pieces) append_layouts(chosen, range, places, lists);
  append_edges(chosen.program->graph, places, lists);
  lists.pieces_of_program.push_back(std::ssize(chosen.pieces));
  for (const uint32_t i : chosen.configurations)
    lists.times.push_back(static_cast<float>(chosen.program->times.at(i)));
}

Indices permuted(const Indices& values, const Indices& order) {
  Indices result;
  result.reserve(order.size());
  for (const int64_t place : order) result.push_back(values[static_cast<size_t>(place)]);
  return result;
}

void put_groups(Batch& batch, const std::string& name, const std::string& group, const Indices& counts) {
  batch.tensors[name + "_" + group] = tensor_of(group_of_each(counts));
  batch.tensors[name + "_offsets"] = tensor_of(offsets_of(counts));
}

void put_edges(Batch& batch, const Lists& lists) {
  const auto nodes = static_cast<int64_t>(lists.opcodes.size());
  const Indices receiver_offsets = group_offsets(lists.receivers, nodes);
  const Indices by_receiver = places_by_group(lists.receivers, receiver_offsets);
  const Indices senders = permuted(lists.senders, by_receiver);
  const Indices sender_offsets = group_offsets(senders, nodes);
  std::vector<float> degrees;
  for (size_t node = 0; node + 1 < receiver_offsets.size(); ++node)
    degrees.push_back(static_cast<float>(receiver_offsets[node + 1] - receiver_offsets[node] + 1));
  batch.tensors["degrees"] = tensor_of(degrees, {nodes, 1});
  batch.tensors["senders"] = tensor_of(senders);
  batch.tensors["receivers"] = tensor_of(permuted(lists.receivers, by_receiver));
  batch.tensors["sender_order"] = tensor_of(places_by_group(senders, sender_offsets));
  batch.tensors["sender_offsets"] = tensor_of(sender_offsets);
  batch.tensors["receiver_offsets"] = tensor_of(receiver_offsets);
}

}  // namespace

Batch layout_batch(std::span<const ChosenProgram> chosen) {
  Lists lists;
  const int64_t each = chosen.empty() ? 0 : std::ssize(chosen.front().configurations);
  for (const ChosenProgram& one : chosen) {
    if (std::ssize(one.configurations) != each)
      throw std::logic_error("the programs of a batch have different numbers of configurations");
    append(one, lists);
  }
  const auto configurable = static_cast<int64_t>(lists.configurable.size());
  Batch batch;
  batch.examples = std::ssize(chosen);
  batch.tensors = {
      {"inputs", tensor_of(lists.features, {std::ssize(lists.opcodes), kNodeFeatures})},
      {"opcodes", tensor_of(lists.opcodes)},
      {"layouts", tensor_of(lists.layouts, {configurable, each, int64_t{kLayoutConfigurationValues}})},
      {"configurable", tensor_of(lists.configurable)},
      {"targets", tensor_of(lists.times, {batch.examples, each})}};
  put_groups(batch, "node", "piece", lists.nodes_of_piece);
  put_groups(batch, "configurable", "piece", lists.configurable_of_piece);
  put_groups(batch, "piece", "program", lists.pieces_of_program);
  put_edges(batch, lists);
  return batch;
}

}  // namespace timetrial
