#include "workloads/ogbg/graph_batch.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <ATen/ATen.h>

#include "workloads/layers/row_groups.h"
#include "workloads/ogbg/csv_rows.h"

namespace timetrial {
namespace {

using Indices = std::vector<int64_t>;

at::Tensor tensor_of(const Indices& values) {
  return at::tensor(values, at::kLong);
}

at::Tensor matrix_of(const std::vector<float>& values, int64_t columns) {
  return at::tensor(values, at::kFloat).reshape({-1, columns});
}

int64_t node_count(const GraphList& graphs) {
  return static_cast<int64_t>(graphs.node_features.size()) / kAtomFeatures;
}

void append_molecule(const Molecules& molecules, uint32_t index, GraphList& graphs) {
  const int64_t first_node = node_count(graphs);
  graphs.node_counts.push_back(molecules.atoms(index));
  graphs.edge_counts.push_back(2 * molecules.bonds(index));
  const auto* features = molecules.atom_features.data();
  graphs.node_features.insert(graphs.node_features.end(),
                              features + kAtomFeatures * molecules.first_atom[index],
                              features + kAtomFeatures * molecules.first_atom[index + 1]);
  for (int64_t bond = molecules.first_bond[index]; bond < molecules.first_bond[index + 1]; ++bond) {
    const auto* ends = molecules.bond_ends.data() + 2 * bond;
    const auto* bond_features = molecules.bond_features.data() + kBondFeatures * bond;
    for (const int direction : {0, 1}) {
      graphs.senders.push_back(first_node + ends[direction]);
      graphs.receivers.push_back(first_node + ends[1 - direction]);
      graphs.edge_features.insert(graphs.edge_features.end(), bond_features, bond_features + kBondFeatures);
    }
  }
}

void pad(GraphList& graphs, const BatchShape& shape) {
  const int64_t graphs_left = shape.graphs - static_cast<int64_t>(graphs.node_counts.size());
  const int64_t first_node = node_count(graphs);
  const int64_t edges_left = shape.edges - static_cast<int64_t>(graphs.senders.size());
  if (graphs_left < 1 || first_node >= shape.nodes || edges_left < 0) {
    throw std::logic_error("the molecules do not fit into the batch's shape");
  }
  graphs.node_counts.push_back(shape.nodes - first_node);
  graphs.edge_counts.push_back(edges_left);
  graphs.node_counts.resize(static_cast<size_t>(shape.graphs));
  graphs.edge_counts.resize(static_cast<size_t>(shape.graphs));
  graphs.node_features.resize(static_cast<size_t>(shape.nodes * kAtomFeatures));
  graphs.edge_features.resize(static_cast<size_t>(shape.edges * kBondFeatures));
  graphs.senders.resize(static_cast<size_t>(shape.edges), first_node);
  graphs.receivers.resize(static_cast<size_t>(shape.edges), first_node);
}

}  // namespace

void sort_by_receiver(GraphList& graphs) {
  const Indices order =
      places_by_group(graphs.receivers, group_offsets(graphs.receivers, node_count(graphs)));
  GraphList sorted;
  sorted.senders.reserve(order.size());
  sorted.receivers.reserve(order.size());
  sorted.edge_features.reserve(graphs.edge_features.size());
  for (const int64_t edge : order) {
    sorted.senders.push_back(graphs.senders[static_cast<size_t>(edge)]);
    sorted.receivers.push_back(graphs.receivers[static_cast<size_t>(edge)]);
    const auto features = graphs.edge_features.begin() + kBondFeatures * edge;
    sorted.edge_features.insert(sorted.edge_features.end(), features, features + kBondFeatures);
  }
  graphs.senders = std::move(sorted.senders);
  graphs.receivers = std::move(sorted.receivers);
  graphs.edge_features = std::move(sorted.edge_features);
}

Batch graph_batch(const GraphList& graphs) {
  const int64_t nodes = node_count(graphs);
  const Indices sender_offsets = group_offsets(graphs.senders, nodes);
  const Indices receiver_offsets = group_offsets(graphs.receivers, nodes);
  Batch batch;
  batch.examples = static_cast<int64_t>(graphs.node_counts.size());
  batch.tensors = {{"inputs", matrix_of(graphs.node_features, kAtomFeatures)},
                   {"edges", matrix_of(graphs.edge_features, kBondFeatures)},
                   {"senders", tensor_of(graphs.senders)},
                   {"receivers", tensor_of(graphs.receivers)},
                   {"n_node", tensor_of(graphs.node_counts)},
                   {"n_edge", tensor_of(graphs.edge_counts)},
                   {"node_graph", tensor_of(group_of_each(graphs.node_counts))},
                   {"node_offsets", tensor_of(offsets_of(graphs.node_counts))},
                   {"sender_order", tensor_of(places_by_group(graphs.senders, sender_offsets))},
                   {"sender_offsets", tensor_of(sender_offsets)},
                   {"receiver_offsets", tensor_of(receiver_offsets)}};
  if (!std::is_sorted(graphs.receivers.begin(), graphs.receivers.end())) {
    batch.tensors["receiver_order"] = tensor_of(places_by_group(graphs.receivers, receiver_offsets));
  }
  return batch;
}

Batch molecule_batch(const Molecules& molecules, const uint32_t* indices, int64_t count,
                     const BatchShape* shape) {
  GraphList graphs;
  for (int64_t i = 0; i < count; ++i) append_molecule(molecules, indices[i], graphs);
  if (shape != nullptr) pad(graphs, *shape);
  sort_by_receiver(graphs);
  Batch batch = graph_batch(graphs);
  const auto rows = static_cast<int64_t>(graphs.node_counts.size());
  at::Tensor targets = at::zeros({rows, molecules.tasks}, at::kFloat);
  at::Tensor weights = at::zeros({rows, molecules.tasks}, at::kBool);
  auto* target = targets.data_ptr<float>();
  auto* weight = weights.data_ptr<bool>();
  for (int64_t i = 0; i < count; ++i) {
    const int8_t* labels = molecules.labels.data() + static_cast<int64_t>(indices[i]) * molecules.tasks;
    for (int64_t task = 0; task < molecules.tasks; ++task, ++target, ++weight) {
      if (labels[task] == kMissingLabel) continue;
      *target = labels[task];
      *weight = true;
    }
  }
  batch.tensors["targets"] = targets;
  batch.tensors["weights"] = weights;
  batch.examples = count;
  return batch;
}

}  // namespace timetrial
