#include "workloads/tpugraphs_layout/history_rows.h"

namespace timetrial {

HistoryRows::HistoryRows(std::span<const MeasuredProgram> programs) {
  for (const MeasuredProgram& program : programs) {
    programs_.push_back({count_, std::ssize(program.segments)});
    count_ += program.configuration_count() * std::ssize(program.segments);
  }
}

int64_t HistoryRows::row(size_t program, uint32_t configuration, int64_t segment) const {
  const Program& of = programs_.at(program);
  return of.first_row + int64_t{configuration} * of.segments + segment;
}

}  // namespace timetrial
