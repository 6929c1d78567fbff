#pragma once

// Graph Segment Training (arXiv 2305.12322) keeps, of every segment of every training program, what it last
// added to the score of each configuration. Where this lies in the table: programs one after the other, in
// each the segments of configuration 0, of configuration 1 …

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

class HistoryRows {
 public:
  explicit HistoryRows(std::span<const MeasuredProgram> programs);

  int64_t row(size_t program, uint32_t configuration, int64_t segment) const;
  int64_t count() const { return count_; }

 private:
  struct Program {
    int64_t first_row;
    int64_t segments;
  };

  std::vector<Program> programs_;
  int64_t count_ = 0;
};

}  // namespace timetrial
