#include "workloads/ogbg/molecule_source.h"

#include <utility>

namespace timetrial {

MoleculeSource::MoleculeSource(std::shared_ptr<const Molecules> molecules, int64_t batch_size, uint64_t seed)
    : molecules_(std::move(molecules)), epochs_(*molecules_, batch_size, seed) {
  const PackingLimits& limits = epochs_.limits();
  shape_ = {limits.molecules + 1, limits.atoms + 1, limits.edges};
}

BatchSource::Task MoleculeSource::next_task() {
  return [this, batch = epochs_.next()] {
    return molecule_batch(*molecules_, batch.data(), static_cast<int64_t>(batch.size()), &shape_);
  };
}

}  // namespace timetrial
