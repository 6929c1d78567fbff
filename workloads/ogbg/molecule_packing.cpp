#include "workloads/ogbg/molecule_packing.h"

#include <algorithm>
#include <string>

#include "harness/errors/user_error.h"
#include "workloads/data/seeded_order.h"

namespace timetrial {
namespace {

constexpr int64_t kAverageAtoms = 26;
constexpr int64_t kAverageEdges = 56;

// What is left of a batch's room.
class Room {
 public:
  explicit Room(const PackingLimits& limits) : left_(limits) {}

  bool take(const Molecules& molecules, uint32_t molecule) {
    const int64_t atoms = molecules.atoms(molecule);
    const int64_t edges = 2 * molecules.bonds(molecule);
    if (left_.molecules < 1 || left_.atoms < atoms || left_.edges < edges) return false;
    left_ = {left_.molecules - 1, left_.atoms - atoms, left_.edges - edges};
    return true;
  }

 private:
  PackingLimits left_;
};

}  // namespace

PackingLimits packing_limits(const Molecules& molecules, int64_t batch_size) {
  PackingLimits limits{batch_size, kAverageAtoms * batch_size, kAverageEdges * batch_size};
  for (int64_t m = 0; m < molecules.count(); ++m) {
    limits.atoms = std::max(limits.atoms, molecules.atoms(static_cast<uint32_t>(m)));
    limits.edges = std::max(limits.edges, 2 * molecules.bonds(static_cast<uint32_t>(m)));
  }
  return limits;
}

std::vector<size_t> batch_ends(const Molecules& molecules, std::span<const uint32_t> order,
                               const PackingLimits& limits) {
  std::vector<size_t> ends;
  Room room(limits);
  for (size_t i = 0; i < order.size(); ++i) {
    if (room.take(molecules, order[i])) continue;
    ends.push_back(i);
    room = Room(limits);
    room.take(molecules, order[i]);
  }
  if (!order.empty()) ends.push_back(order.size());
  return ends;
}

PackedEpochs::PackedEpochs(const Molecules& molecules, int64_t batch_size, uint64_t seed)
    : molecules_(molecules), seed_(seed) {
  if (batch_size < 1) {
    throw UserError({"the batch size must be at least 1", "", std::to_string(batch_size),
                     "let the submission ask for another batch size"});
  }
  limits_ = packing_limits(molecules, batch_size);
  start_epoch(0);
}

void PackedEpochs::start_epoch(int64_t epoch) {
  epoch_ = epoch;
  place_ = 0;
  const std::vector<uint32_t>& train = molecules_.train;
  order_ = seeded_order(static_cast<uint32_t>(train.size()), seed_, epoch);
  for (uint32_t& molecule : order_) molecule = train[molecule];
}

std::vector<uint32_t> PackedEpochs::next() {
  std::vector<uint32_t> batch;
  Room room(limits_);
  for (;;) {
    if (place_ == static_cast<int64_t>(order_.size())) start_epoch(epoch_ + 1);
    const uint32_t molecule = order_[static_cast<size_t>(place_)];
    if (!room.take(molecules_, molecule)) return batch;
    batch.push_back(molecule);
    ++place_;
  }
}

void PackedEpochs::seek(const std::vector<int64_t>& position) {
  if (position.size() != 2 || position[0] < 0 || position[1] < 0 ||
      position[1] > static_cast<int64_t>(molecules_.train.size())) {
    throw UserError({"the position in the training data does not fit this data set", "checkpoint", "",
                     "resume with the data set the trial was started with, or start the trial anew"});
  }
  start_epoch(position[0]);
  place_ = position[1];
}

}  // namespace timetrial
