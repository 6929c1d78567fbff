#include "workloads/tpugraphs_layout/history_rows.h"

namespace timetrial {

HistoryRows::HistoryRows(std::span<const MeasuredProgram> programs, int64_t segment_nodes) {
  for (const MeasuredProgram& program : programs) {
    programs_.push_back({count_, contiguous_segments(program.graph.nodes(), segment_nodes)});
    count_ += program.configuration_count() * std::ssize(programs_.back().segments);
  }
}

int64_t HistoryRows::row(size_t program, uint32_t configuration, int64_t segment) const {
  const Program& of = programs_.at(program);
  return of.first_row + int64_t{configuration} * std::ssize(of.segments) + segment;
}

}  // namespace timetrial
