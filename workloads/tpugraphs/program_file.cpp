#include "workloads/tpugraphs/program_file.h"

#include "harness/errors/user_error.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/opcode.h"
#include "workloads/npz/npz_folder.h"

namespace timetrial {
namespace {

constexpr const char* kCure = "bring the official file again (README of the workload)";

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (const int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

template <typename Value>
std::vector<int64_t> widened(const NpzFile& file, const std::string& name) {
  const std::vector<Value> values = file.read<Value>(name);
  return {values.begin(), values.end()};
}

std::vector<int32_t> in_range(const std::vector<int64_t>& values, size_t first, size_t step, int64_t limit,
                              const char* what, const std::string& where) {
  std::vector<int32_t> narrow;
  narrow.reserve(values.size() / step);
  for (size_t i = first; i < values.size(); i += step) {
    if (values[i] < 0 || values[i] >= limit)
      throw UserError({std::string("there is no such ") + what, where, std::to_string(values[i]), kCure});
    narrow.push_back(static_cast<int32_t>(values[i]));
  }
  return narrow;
}

}  // namespace

std::vector<int64_t> read_integers(const NpzFile& file, const std::string& name, const std::string& where) {
  switch (file.header(name).type) {
    case NpyType::int64:
      return file.read<int64_t>(name);
    case NpyType::int32:
      return widened<int32_t>(file, name);
    case NpyType::uint8:
      return widened<uint8_t>(file, name);
    case NpyType::int8:
      return widened<int8_t>(file, name);
    default:
      throw UserError({"the array " + name + " should be of integers", where,
                       std::string(npy_type_name(file.header(name).type)), kCure});
  }
}

void require_shape(const NpzFile& file, const std::string& name, size_t dimensions, int64_t last,
                   const std::string& where) {
  const std::vector<int64_t> shape = file.header(name).shape;
  if (shape.size() == dimensions && (last == 0 || shape.back() == last)) return;
  throw UserError({"the array " + name + " should have " + std::to_string(dimensions) + " dimensions" +
                       (last == 0 ? "" : ", the last of " + std::to_string(last)),
                   where, shape_text(shape), kCure});
}

ProgramGraph read_program_graph(const NpzFile& file, const std::string& where) {
  require_shape(file, "node_feat", 2, kNodeFeatures, where);
  require_shape(file, "node_opcode", 1, 0, where);
  require_shape(file, "edge_index", 2, 2, where);
  ProgramGraph graph;
  graph.opcodes =
      in_range(read_integers(file, "node_opcode", where), 0, 1, kHighestOpcode + 1, "operation", where);
  const int64_t nodes = graph.nodes();
  if (nodes == 0 || file.header("node_feat").shape.front() != nodes) {
    throw UserError({"node_feat and node_opcode should have the same number of nodes, at least one", where,
                     std::to_string(file.header("node_feat").shape.front()) + " and " + std::to_string(nodes),
                     kCure});
  }
  graph.features = file.read<float>("node_feat");
  const std::vector<int64_t> edges = read_integers(file, "edge_index", where);
  graph.consumers = in_range(edges, 0, 2, nodes, "node (edge_index)", where);
  graph.producers = in_range(edges, 1, 2, nodes, "node (edge_index)", where);
  return graph;
}

std::vector<std::filesystem::path> program_files(const std::filesystem::path& folder) {
  return npz_files(folder, kUnpackPrograms);
}

}  // namespace timetrial
