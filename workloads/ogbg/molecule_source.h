#pragma once

#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/ogbg/graph_batch.h"
#include "workloads/ogbg/molecule_packing.h"

namespace timetrial {

// Shuffled training batches, all of one shape: b + 1 graphs, one more node than the molecules may have. With
// several ranks each makes its share, without padding.
// Position = (epoch, molecule).
class MoleculeSource : public BatchSource {
 public:
  MoleculeSource(std::shared_ptr<const Molecules> molecules, int64_t batch_size, uint64_t seed);

  Task next_task() override;
  DataPosition position() const override { return epochs_.position(); }
  void seek(const DataPosition& position) override { epochs_.seek(position); }

 private:
  std::shared_ptr<const Molecules> molecules_;
  PackedEpochs epochs_;
  BatchShape shape_;
};

}  // namespace timetrial
