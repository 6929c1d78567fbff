#include "workloads/tpugraphs_layout/layout_file.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "harness/errors/user_error.h"
#include "workloads/computation_graph/layout_configuration.h"

namespace timetrial {
namespace {

constexpr const char* kLayouts = "node_config_feat";
constexpr const char* kResolution = "config_runtime_resolution";
constexpr const char* kCure = "bring the official file again (README of tpugraphs_layout)";
constexpr int64_t kBlockValues = int64_t{1} << 20;
constexpr auto kValues = static_cast<int64_t>(kLayoutConfigurationValues);
constexpr auto kHighestDimension = static_cast<float>(kLayoutDimensions - 1);

std::vector<int64_t> flat_integers(const NpzFile& file, const std::string& name, const std::string& where) {
  require_shape(file, name, 1, 0, where);
  return read_integers(file, name, where);
}

std::vector<int32_t> nodes_of(const std::vector<int64_t>& ids, int64_t nodes, const char* what,
                              const std::string& where) {
  std::vector<int32_t> narrow;
  for (const int64_t id : ids) {
    if (id < 0 || id >= nodes)
      throw UserError(
          {std::string("there is no such node (") + what + ")", where, std::to_string(id), kCure});
    narrow.push_back(static_cast<int32_t>(id));
  }
  return narrow;
}

// The places of the nodes in rising order.
std::vector<size_t> rising_order(const std::vector<int32_t>& nodes, const std::string& where) {
  std::vector<size_t> order(nodes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return nodes[a] < nodes[b]; });
  for (size_t i = 1; i < order.size(); ++i) {
    if (nodes[order[i - 1]] == nodes[order[i]]) {
      throw UserError(
          {"a node is configured twice (node_config_ids)", where, std::to_string(nodes[order[i]]), kCure});
    }
  }
  return order;
}

int8_t packed(float value, int64_t configuration, const std::string& where) {
  // A NaN fails the comparison.
  if (value >= kNoDimension && value <= kHighestDimension) {
    const auto dimension = static_cast<int8_t>(value);
    if (static_cast<float>(dimension) == value) return dimension;
  }
  throw UserError({"a layout names no dimension: -1 to 5 are possible",
                   where + ", " + kLayouts + ", configuration " + std::to_string(configuration),
                   std::to_string(value), kCure});
}

void require_layout_shape(const NpzFile& file, size_t nodes, size_t times, const std::string& where) {
  require_shape(file, kLayouts, 3, kValues, where);
  const std::vector<int64_t> shape = file.header(kLayouts).shape;
  if (shape[0] == static_cast<int64_t>(times) && shape[1] == static_cast<int64_t>(nodes) && times > 0) return;
  throw UserError(
      {"node_config_feat should have a configuration for every entry of config_runtime, at least "
       "one, and a row for every entry of node_config_ids",
       where,
       std::to_string(shape[0]) + " and " + std::to_string(shape[1]) + " against " + std::to_string(times) +
           " and " + std::to_string(nodes),
       kCure});
}

// [configurations, nc, 18], with the nodes in the given order.
std::vector<int8_t> read_layouts(const NpzFile& file, const std::vector<size_t>& order,
                                 const std::string& where) {
  const std::vector<int64_t> shape = file.header(kLayouts).shape;
  const int64_t row = shape[1] * kValues;
  // The shape is that of the bytes there are (NpzFile checks it), so this takes a quarter of the array.
  std::vector<int8_t> layouts;
  layouts.reserve(static_cast<size_t>(shape[0] * row));
  file.read_rows<float>(kLayouts, std::max<int64_t>(1, kBlockValues / std::max<int64_t>(1, row)),
                        [&](int64_t first, std::span<const float> values) {
                          for (size_t at = 0; at < values.size(); at += static_cast<size_t>(row)) {
                            const int64_t configuration =
                                first + static_cast<int64_t>(at / static_cast<size_t>(row));
                            for (const size_t node : order) {
                              const auto of_node = values.subspan(at + node * kLayoutConfigurationValues,
                                                                  kLayoutConfigurationValues);
                              for (const float value : of_node)
                                layouts.push_back(packed(value, configuration, where));
                            }
                          }
                        });
  return layouts;
}

std::vector<double> times_over_mean(const std::vector<int64_t>& runtimes, const std::string& where) {
  double sum = 0;
  for (size_t i = 0; i < runtimes.size(); ++i) {
    if (runtimes[i] <= 0) {
      throw UserError({"a run time is not positive", where + ", configuration " + std::to_string(i),
                       std::to_string(runtimes[i]),
                       "leave files without run times (the official test split) out of train and valid"});
    }
    sum += static_cast<double>(runtimes[i]);
  }
  std::vector<double> times;
  for (const int64_t runtime : runtimes)
    times.push_back(static_cast<double>(runtime) * static_cast<double>(runtimes.size()) / sum);
  return times;
}

double resolution_of(const NpzFile& file, const std::string& where) {
  if (!file.contains(kResolution)) return 0;
  const std::vector<double> values = file.read<double>(kResolution);
  if (values.size() == 1 && values.front() >= 0) return values.front();
  throw UserError({"config_runtime_resolution should be one number that is not negative", where,
                   std::to_string(values.size()) + " numbers", "measure the collection again"});
}

}  // namespace

MeasuredProgram read_layout_file(const std::filesystem::path& path) {
  const NpzFile file(path);
  const std::string where = path.string();
  MeasuredProgram program;
  program.name = path.stem();
  program.graph = read_program_graph(file, where);
  const int64_t nodes = program.graph.nodes();
  const auto configurable =
      nodes_of(flat_integers(file, "node_config_ids", where), nodes, "node_config_ids", where);
  const std::vector<int64_t> runtimes = flat_integers(file, "config_runtime", where);
  require_layout_shape(file, configurable.size(), runtimes.size(), where);
  const std::vector<size_t> order = rising_order(configurable, where);
  for (const size_t place : order) program.configurable.push_back(configurable[place]);
  program.times = times_over_mean(runtimes, where);
  program.layouts = read_layouts(file, order, where);
  // [1, k] or [k]
  if (file.contains("node_splits"))
    program.splits = nodes_of(read_integers(file, "node_splits", where), nodes, "node_splits", where);
  program.resolution = resolution_of(file, where);
  program.segments = contiguous_segments(nodes, 0);
  return program;
}

std::vector<MeasuredProgram> read_layout_folder(const std::filesystem::path& folder) {
  std::vector<MeasuredProgram> programs;
  for (const std::filesystem::path& file : program_files(folder)) programs.push_back(read_layout_file(file));
  return programs;
}

}  // namespace timetrial
