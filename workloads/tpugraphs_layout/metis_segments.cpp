#include "workloads/tpugraphs_layout/metis_segments.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/graph_partition/metis_parts.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/tpugraphs_layout/segment_order.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> kFolders = {"train", "valid", "test"};
constexpr size_t kIdDigits = 8;

fs::path segments_file(const fs::path& data_set, const std::string& folder) {
  return data_set / ("metis_" + folder + ".npz");
}

[[noreturn]] void fail(const std::string& what, const fs::path& where, const std::string& value) {
  throw UserError({what, where.string(), value,
                   "run `timetrial prepare tpugraphs_layout` for this tier, of a build that has METIS "
                   "(libmetis-dev)"});
}

fs::path existing_segments_file(const fs::path& data_set, const std::string& folder) {
  const fs::path file = segments_file(data_set, folder);
  if (!fs::exists(file)) fail("there are no segments of these programs by METIS", file, folder);
  return file;
}

// Edges count as often as they are there, whatever their direction; one from a node to itself is never cut.
WeightedGraph undirected(const ProgramGraph& program) {
  std::vector<std::map<int32_t, int32_t>> neighbours(program.opcodes.size());
  for (size_t e = 0; e < program.consumers.size(); ++e) {
    const int32_t from = program.consumers[e], to = program.producers[e];
    if (from == to) continue;
    ++neighbours[static_cast<size_t>(from)][to];
    ++neighbours[static_cast<size_t>(to)][from];
  }
  WeightedGraph graph;
  graph.node_weights.assign(neighbours.size(), 1);
  for (const auto& of_node : neighbours) {
    for (const auto& [neighbour, edges] : of_node) {
      graph.neighbours.push_back(neighbour);
      graph.edge_weights.push_back(edges);
    }
    graph.offsets.push_back(static_cast<int32_t>(graph.neighbours.size()));
  }
  return graph;
}

std::vector<int32_t> numbered_by_first_node(std::vector<int32_t> parts) {
  std::map<int32_t, int32_t> numbers;
  for (int32_t& part : parts)
    part = numbers.try_emplace(part, static_cast<int32_t>(numbers.size())).first->second;
  return parts;
}

int64_t largest(const std::vector<int32_t>& parts) {
  std::map<int32_t, int64_t> sizes;
  int64_t most = 0;
  for (const int32_t part : parts) most = std::max(most, ++sizes[part]);
  return most;
}

int64_t nodes_of(const NpzFile& program) {
  return program.header("node_opcode").values();
}

// Of one folder.
bool are_segments_of(const NpzFile& segments, const std::vector<fs::path>& programs) {
  return segments.names().size() == programs.size() &&
         std::all_of(programs.begin(), programs.end(), [&](const fs::path& program) {
           const std::string name = program.stem();
           return segments.contains(name) && segments.header(name).values() == nodes_of(NpzFile(program));
         });
}

}  // namespace

std::vector<int32_t> metis_segments(const ProgramGraph& graph, int64_t most_nodes) {
  const WeightedGraph whole = undirected(graph);
  // Parts are balanced but for some percent: it may take a few more.
  for (int64_t parts = (graph.nodes() + most_nodes - 1) / most_nodes; parts <= graph.nodes(); ++parts) {
    std::vector<int32_t> cut = metis_parts(whole, static_cast<int32_t>(parts));
    if (largest(cut) <= most_nodes) return numbered_by_first_node(std::move(cut));
  }
  if (graph.nodes() == 0) return {};
  throw std::logic_error("METIS cut no parts of at most " + std::to_string(most_nodes) +
                         " nodes out of a graph of " + std::to_string(graph.nodes()));
}

void write_metis_segments(const fs::path& data_set, int64_t most_nodes, const PreparationProgress& progress) {
  if (!has_metis()) return;
  int64_t cut = 0;
  for (const char* folder : kFolders) {
    NpzWriter writer(segments_file(data_set, folder), ZipMethod::stored);  // the same bytes by any zlib
    for (const fs::path& file : program_files(data_set / folder)) {
      const ProgramGraph graph = read_program_graph(NpzFile(file), file.string());
      writer.add(file.stem(), {graph.nodes()}, metis_segments(graph, most_nodes));
      progress("programs cut into segments", ++cut, 0);
    }
    writer.finish();
  }
}

bool has_metis_segments(const fs::path& data_set) {
  return std::all_of(kFolders.begin(), kFolders.end(), [&](const char* folder) {
    const fs::path file = segments_file(data_set, folder);
    return fs::exists(file) && are_segments_of(NpzFile(file), program_files(data_set / folder));
  });
}

void apply_metis_segments(const fs::path& data_set, const std::string& folder,
                          std::vector<MeasuredProgram>& programs) {
  const fs::path file = existing_segments_file(data_set, folder);
  const NpzFile segments(file);
  for (MeasuredProgram& program : programs) {
    if (!segments.contains(program.name)) fail("there are no segments of this program", file, program.name);
    const std::vector<int32_t> of_node = segments.read<int32_t>(program.name);
    if (std::ssize(of_node) != program.graph.nodes() || numbered_by_first_node(of_node) != of_node)
      fail("these are not the segments of this program", file, program.name);
    order_by_segment(program, of_node);
  }
}

std::string metis_segments_id(const fs::path& data_set) {
  return sha256_of_file(existing_segments_file(data_set, kFolders.front())).substr(0, kIdDigits);
}

bool holds_back_metis_segments(const std::string& file) {
  return file == segments_file("", "valid") || file == segments_file("", "test");
}

}  // namespace timetrial
