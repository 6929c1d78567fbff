#include "workloads/ogbg/molecule_source.h"

#include <utility>

#include "workloads/data/share.h"

namespace timetrial {

MoleculeSource::MoleculeSource(std::shared_ptr<const Molecules> molecules, int64_t batch_size, uint64_t seed)
    : molecules_(std::move(molecules)), epochs_(*molecules_, batch_size, seed) {
  const PackingLimits& limits = epochs_.limits();
  shape_ = {limits.molecules + 1, limits.atoms + 1, limits.edges};
}

BatchSource::Task MoleculeSource::next_task() {
  return [this, batch = epochs_.next()] {
    const Share share = own_share(std::ssize(batch));
    // The room for a whole batch would be mostly padding around a share of it.
    const BatchShape* shape = share.count() == std::ssize(batch) ? &shape_ : nullptr;
    return molecule_batch(*molecules_, batch.data() + share.begin, share.count(), shape);
  };
}

}  // namespace timetrial
