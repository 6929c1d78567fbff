#pragma once

// What the official files of tpugraphs_tile and tpugraphs_layout have in common: one program as a graph.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workloads/npz/npz_file.h"

namespace timetrial {

struct ProgramGraph {
  std::vector<float> features;     // [nodes, 140], as in the file
  std::vector<int32_t> opcodes;    // [nodes], 0 … 120
  std::vector<int32_t> consumers;  // [edges]: consumers[e] consumes the output of producers[e]
  std::vector<int32_t> producers;

  int64_t nodes() const { return static_cast<int64_t>(opcodes.size()); }
};

// Arrays node_feat, node_opcode and edge_index. Throws UserError, `where` its place, when they are missing,
// of other shapes, or name nodes and operations that there are not.
ProgramGraph read_program_graph(const NpzFile& file, const std::string& where);

// An array of integers of any width. Throws UserError for other types.
std::vector<int64_t> read_integers(const NpzFile& file, const std::string& name, const std::string& where);

// Throws UserError unless the array has `dimensions` dimensions, the last of them of `last` values (0: any).
void require_shape(const NpzFile& file, const std::string& name, size_t dimensions, int64_t last,
                   const std::string& where);

// How to get programs that are missing.
inline constexpr const char* kUnpackPrograms = "unpack the official archives there (README of the workload)";

// The .npz files of a folder by name. Throws UserError where there is none.
std::vector<std::filesystem::path> program_files(const std::filesystem::path& folder);

}  // namespace timetrial
