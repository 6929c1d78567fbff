#pragma once

// Segments with few edges between them, cut by METIS (workloads/graph_partition). They are cut when a data
// set is prepared, and kept beside its programs: metis_train.npz, metis_valid.npz and metis_test.npz hold an
// array int32 [nodes] for every program of the folder, by its name: the segment of each node.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workloads/preparation.h"
#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// The segment of each node: as few of them as METIS needs for at most `most_nodes` (at least 1) in each,
// numbered by their first nodes. Throws UserError without METIS, and is to be called, as metis_parts().
std::vector<int32_t> metis_segments(const ProgramGraph& graph, int64_t most_nodes);

// Of a data set with folders train, valid and test. Nothing is written by a build without METIS.
void write_metis_segments(const std::filesystem::path& data_set, int64_t most_nodes,
                          const PreparationProgress& progress);

// Whether there are segments of the data set's programs, by their names and sizes.
bool has_metis_segments(const std::filesystem::path& data_set);

// Orders the programs of a folder by their segments (segment_order.h). Throws UserError that names
// `timetrial prepare` where there are none, or those of other programs.
void apply_metis_segments(const std::filesystem::path& data_set, const std::string& folder,
                          std::vector<MeasuredProgram>& programs);

// Other cuts have another id: those of other versions of METIS, for instance.
std::string metis_segments_id(const std::filesystem::path& data_set);

// For held_back.h: whether these are segments of programs that are not trained on.
bool holds_back_metis_segments(const std::string& file);

}  // namespace timetrial
