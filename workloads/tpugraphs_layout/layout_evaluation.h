#pragma once

// An evaluation: the configurations of each program of a split, in stretches that fit into memory, and what
// their scores amount to.

#include <cstdint>
#include <functional>
#include <vector>

#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/workload.h"

namespace timetrial {

// Of a program's configurations those that are evaluated: all of them or, where there are more than `most`,
// as many of them, drawn once and for all. Rising.
std::vector<uint32_t> evaluated_configurations(int64_t available, int64_t most);

class LayoutEvaluation {
 public:
  // Each program with at most `configurations` of its configurations, `stretch` of them in a batch. Its
  // pieces are its segments. The programs outlive this.
  LayoutEvaluation(const std::vector<const MeasuredProgram*>& programs, int64_t configurations,
                   int64_t stretch);

  int64_t batches() const { return std::ssize(stretches_); }
  Batch batch(int64_t index) const;  // of one program

  // Losses of lists [lists, configurations] of scores and times: [lists].
  using ListLoss = std::function<at::Tensor(const at::Tensor& scores, const at::Tensor& times)>;

  // Means over the programs. `scores`: float64 of every batch in order, [configurations of the batch].
  Metrics metrics(const std::vector<at::Tensor>& scores, const ListLoss& loss) const;

 private:
  struct Stretch {
    size_t program;
    size_t begin, end;  // of its evaluated configurations
  };
  struct Evaluated {
    const MeasuredProgram* program;
    std::vector<uint32_t> configurations;
  };

  std::vector<Evaluated> programs_;
  std::vector<Stretch> stretches_;
};

}  // namespace timetrial
