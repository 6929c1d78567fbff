#include "workloads/graph_optimizer/graphs/graph_file.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_file.h"
#include "workloads/npz/npz_folder.h"
#include "workloads/npz/npz_writer.h"

namespace timetrial {
namespace {

constexpr const char* kGraphCure =
    "write the data set again (`timetrial prepare graph_optimizer`, README of graph_optimizer)";
constexpr const char* kAllTasksPlan = "all";
constexpr const char* kSingleTasksPlan = "single";
constexpr size_t kShapeNumbers = 2 + kListedDimensions;
constexpr size_t kMachineNumbers = 7;
constexpr int64_t kMostNodes = 1'000'000;

// The arrays of one file, every one of the length that the nodes ask for.
class GraphArrays {
 public:
  explicit GraphArrays(const std::filesystem::path& path) : file_(path), where_(path.string()) {
    nodes_ = length("kind");
    if (nodes_ < 1 || nodes_ > kMostNodes)
      refuse("a graph should have 1 to " + std::to_string(kMostNodes) + " nodes", std::to_string(nodes_));
  }

  template <NpyValue Value>
  std::vector<Value> per_node(const std::string& name) const {
    return array<Value>(name, {nodes_});
  }
  template <NpyValue Value>
  std::vector<Value> array(const std::string& name, const std::vector<int64_t>& shape) const {
    if (file_.header(name).shape != shape) refuse("the array " + name + " has an unexpected shape", {});
    return file_.read<Value>(name);
  }
  // As long as it is.
  std::vector<int32_t> list(const std::string& name) const { return array<int32_t>(name, {length(name)}); }

  size_t nodes() const { return static_cast<size_t>(nodes_); }

  [[noreturn]] void refuse(const std::string& what, const std::string& value) const {
    throw UserError({what, where_, value, kGraphCure});
  }

 private:
  int64_t length(const std::string& name) const {
    const std::vector<int64_t> shape = file_.header(name).shape;
    if (shape.size() != 1) refuse("the array " + name + " should have one dimension", {});
    return shape.front();
  }

  NpzFile file_;
  std::string where_;
  int64_t nodes_ = 0;
};

std::vector<std::vector<NodeId>> operands_of(const GraphArrays& arrays) {
  const auto offsets = arrays.array<int32_t>("operand_offsets", {static_cast<int64_t>(arrays.nodes()) + 1});
  const std::vector<int32_t> operands = arrays.list("operands");
  if (offsets.front() != 0 || offsets.back() != static_cast<int64_t>(operands.size()) ||
      !std::is_sorted(offsets.begin(), offsets.end()))
    arrays.refuse("operand_offsets should rise from 0 to the number of operands", {});
  std::vector<std::vector<NodeId>> lists(arrays.nodes());
  for (size_t id = 0; id < lists.size(); ++id) {
    for (auto i = static_cast<size_t>(offsets[id]); i < static_cast<size_t>(offsets[id + 1]); ++i) {
      if (operands[i] < 0) arrays.refuse("there is no such operand", std::to_string(operands[i]));
      lists[id].push_back(static_cast<NodeId>(operands[i]));
    }
  }
  return lists;
}

Opcode opcode_of(const GraphArrays& arrays, uint8_t number) {
  if (number > kHighestOpcode) arrays.refuse("there is no such operation", std::to_string(number));
  return static_cast<Opcode>(number);
}

std::string name_of_operation(const GraphArrays& arrays, Opcode opcode) {
  try {
    return std::string(name_of(opcode));
  } catch (const std::logic_error&) {
    arrays.refuse("there is no such operation", std::to_string(static_cast<int>(opcode)));
  }
}

Machine machine_of(const GraphArrays& arrays) {
  const auto numbers = arrays.array<int64_t>("machine", {kMachineNumbers});
  if (numbers[0] < 1 || numbers[0] > kMostDevices)
    arrays.refuse("there are no such machines", std::to_string(numbers[0]) + " devices");
  Machine machine;
  machine.devices = static_cast<uint32_t>(numbers[0]);
  machine.peak_flops = numbers[1];
  machine.memory_bandwidth = numbers[2];
  machine.memory_bytes = numbers[3];
  machine.launch_ps = numbers[4];
  machine.link_bandwidth = numbers[5];
  machine.link_latency_ps = numbers[6];
  return machine;
}

std::vector<OutputShape> shapes_of(const GraphArrays& arrays) {
  const auto numbers = arrays.array<int64_t>(
      "shape", {static_cast<int64_t>(arrays.nodes()), static_cast<int64_t>(kShapeNumbers)});
  if (std::any_of(numbers.begin(), numbers.end(), [](int64_t number) { return number < 0; }))
    arrays.refuse("a shape has a negative number", {});
  std::vector<OutputShape> shapes(arrays.nodes());
  for (size_t id = 0; id < shapes.size(); ++id) {
    const int64_t* row = numbers.data() + id * kShapeNumbers;
    shapes[id].element_bytes = row[0];
    shapes[id].rank = row[1];
    std::copy_n(row + 2, kListedDimensions, shapes[id].dimensions.begin());
  }
  return shapes;
}

// Whether there are such devices and levels is for validate().
Plan plan_of(const GraphArrays& arrays, const std::string& name) {
  const auto devices = arrays.per_node<int32_t>(name + "_device");
  Plan plan;
  for (const int32_t device : devices) {
    if (device < 0) arrays.refuse("there is no such device", std::to_string(device));
    plan.device.push_back(static_cast<uint32_t>(device));
  }
  plan.schedule_level = arrays.per_node<int32_t>(name + "_schedule");
  plan.fusion_level = arrays.per_node<int32_t>(name + "_fusion");
  return plan;
}

OptimizerGraph graph_of(const GraphArrays& arrays) {
  OptimizerGraph result;
  result.machine = machine_of(arrays);
  result.shapes = shapes_of(arrays);
  const auto kinds = arrays.per_node<uint8_t>("kind");
  const auto opcodes = arrays.per_node<uint8_t>("opcode");
  const auto fusible = arrays.per_node<uint8_t>("fusible");
  result.all_tasks = plan_of(arrays, kAllTasksPlan);
  result.single_tasks = plan_of(arrays, kSingleTasksPlan);
  const auto flops = arrays.per_node<int64_t>("flops");
  const auto output_bytes = arrays.per_node<int64_t>("output_bytes");
  const auto resident_bytes = arrays.per_node<int64_t>("resident_bytes");
  const auto colocation = arrays.per_node<int32_t>("colocation");
  const auto layer = arrays.per_node<int32_t>("layer");
  std::vector<std::vector<NodeId>> operands = operands_of(arrays);
  for (size_t id = 0; id < arrays.nodes(); ++id) {
    if (kinds[id] > static_cast<uint8_t>(NodeKind::parameter))
      arrays.refuse("there is no such kind of node", std::to_string(kinds[id]));
    const Opcode opcode = opcode_of(arrays, opcodes[id]);
    CostNode node;
    node.name = name_of_operation(arrays, opcode);
    node.kind = static_cast<NodeKind>(kinds[id]);
    node.operands = std::move(operands[id]);
    node.flops = flops[id];
    node.output_bytes = output_bytes[id];
    node.resident_bytes = resident_bytes[id];
    node.colocation = colocation[id];
    node.layer = layer[id];
    node.fusible = fusible[id] != 0;
    result.graph.nodes.push_back(std::move(node));
    result.opcodes.push_back(opcode);
  }
  return result;
}

void add_plan(NpzWriter& writer, const std::string& name, const Plan& plan) {
  const auto nodes = std::ssize(plan.device);
  writer.add(name + "_device", {nodes}, std::vector<int32_t>(plan.device.begin(), plan.device.end()));
  writer.add(name + "_schedule", {nodes}, plan.schedule_level);
  writer.add(name + "_fusion", {nodes}, plan.fusion_level);
}

}  // namespace

void write_graph_file(const OptimizerGraph& graph, const std::filesystem::path& file) {
  validate(graph);
  std::vector<uint8_t> kinds, opcodes, fusible;
  std::vector<int64_t> flops, output_bytes, resident_bytes, shapes;
  std::vector<int32_t> colocation, layers, operands, offsets = {0};
  for (size_t id = 0; id < graph.graph.nodes.size(); ++id) {
    const CostNode& node = graph.graph.nodes[id];
    kinds.push_back(static_cast<uint8_t>(node.kind));
    opcodes.push_back(static_cast<uint8_t>(graph.opcodes[id]));
    fusible.push_back(node.fusible);
    flops.push_back(node.flops);
    output_bytes.push_back(node.output_bytes);
    resident_bytes.push_back(node.resident_bytes);
    colocation.push_back(node.colocation);
    layers.push_back(node.layer);
    for (const NodeId operand : node.operands) operands.push_back(static_cast<int32_t>(operand));
    offsets.push_back(static_cast<int32_t>(operands.size()));
    shapes.push_back(graph.shapes[id].element_bytes);
    shapes.push_back(graph.shapes[id].rank);
    shapes.insert(shapes.end(), graph.shapes[id].dimensions.begin(), graph.shapes[id].dimensions.end());
  }
  const Machine& machine = graph.machine;
  const std::vector<int64_t> numbers = {machine.devices,        machine.peak_flops, machine.memory_bandwidth,
                                        machine.memory_bytes,   machine.launch_ps,  machine.link_bandwidth,
                                        machine.link_latency_ps};
  const auto nodes = static_cast<int64_t>(kinds.size());
  NpzWriter writer(file);
  writer.add("kind", {nodes}, kinds);
  writer.add("opcode", {nodes}, opcodes);
  writer.add("fusible", {nodes}, fusible);
  writer.add("flops", {nodes}, flops);
  writer.add("output_bytes", {nodes}, output_bytes);
  writer.add("resident_bytes", {nodes}, resident_bytes);
  writer.add("colocation", {nodes}, colocation);
  writer.add("layer", {nodes}, layers);
  add_plan(writer, kAllTasksPlan, graph.all_tasks);
  add_plan(writer, kSingleTasksPlan, graph.single_tasks);
  writer.add("shape", {nodes, static_cast<int64_t>(kShapeNumbers)}, shapes);
  writer.add("operand_offsets", {nodes + 1}, offsets);
  writer.add("operands", {std::ssize(operands)}, operands);
  writer.add("machine", {std::ssize(numbers)}, numbers);
  writer.finish();
}

OptimizerGraph read_graph_file(const std::filesystem::path& file) {
  const GraphArrays arrays(file);
  OptimizerGraph graph = graph_of(arrays);
  graph.name = graph.graph.name = file.stem().string();
  try {
    validate(graph);
  } catch (const std::logic_error& error) {
    arrays.refuse("the numbers are no graph: " + std::string(error.what()), {});
  }
  return graph;
}

std::vector<OptimizerGraph> read_graph_folder(const std::filesystem::path& folder) {
  std::vector<OptimizerGraph> graphs;
  for (const std::filesystem::path& file : npz_files(folder, kGraphCure))
    graphs.push_back(read_graph_file(file));
  return graphs;
}

}  // namespace timetrial
