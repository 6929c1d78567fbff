#include "workloads/graph_export/value_table.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <torch/torch.h>

namespace timetrial {
namespace {

// The dimensions of more than one element, largest stride first.
std::vector<std::pair<int64_t, int64_t>> strides_and_sizes(const Place& place) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (size_t i = 0; i < place.sizes.size(); ++i) {
    if (place.sizes[i] > 1) pairs.emplace_back(place.strides[i], place.sizes[i]);
  }
  std::ranges::sort(pairs, std::greater<>());
  return pairs;
}

// Whether two places of equal strides lie side by side, as the parts of a tensor that is split do though
// their bytes interleave: an element's offset is read as digits, one for each stride.
bool lie_side_by_side(const Place& left, const Place& right) {
  const auto dimensions = strides_and_sizes(left);
  const auto others = strides_and_sizes(right);
  if (left.dtype != right.dtype || dimensions.size() != others.size()) return false;
  const auto element = static_cast<int64_t>(c10::elementSize(left.dtype));
  int64_t left_rest = left.begin / element;
  int64_t right_rest = right.begin / element;
  bool apart = false;
  for (size_t i = 0; i < dimensions.size(); ++i) {
    const int64_t stride = dimensions[i].first;
    if (stride != others[i].first || stride <= 0) return false;
    const int64_t left_digit = left_rest / stride;
    const int64_t right_digit = right_rest / stride;
    left_rest %= stride;
    right_rest %= stride;
    if (i + 1 < dimensions.size()) {
      // Whether the next digit would run over into this one: then the digits do not tell.
      const int64_t inner = dimensions[i + 1].first;
      if (inner <= 0) return false;
      if ((left_rest / inner + dimensions[i + 1].second) * inner > stride) return false;
      if ((right_rest / inner + others[i + 1].second) * inner > stride) return false;
    }
    apart = apart || left_digit + dimensions[i].second <= right_digit ||
            right_digit + others[i].second <= left_digit;
  }
  return apart || left_rest != right_rest;
}

bool overlap(const Place& left, const Place& right) {
  return left.begin < right.end && right.begin < left.end && !lie_side_by_side(left, right);
}

// Whether all of `part` lies in `whole`, which leaves no holes.
bool covers(const Place& whole, const Place& part) {
  if (whole == part) return true;
  int64_t bytes = static_cast<int64_t>(c10::elementSize(whole.dtype));
  for (const int64_t size : whole.sizes) bytes *= size;
  return whole.begin <= part.begin && part.end <= whole.end && bytes == whole.end - whole.begin;
}

}  // namespace

Place place_of(const at::Tensor& tensor) {
  Place place;
  place.dtype = tensor.scalar_type();
  place.sizes = tensor.sizes().vec();
  if (!tensor.has_storage()) {
    place.end = 1;  // all of it
    return place;
  }
  place.strides = tensor.strides().vec();
  const auto element = static_cast<int64_t>(tensor.element_size());
  place.begin = tensor.storage_offset() * element;
  int64_t reach = tensor.numel() == 0 ? 0 : 1;
  for (size_t i = 0; i < place.sizes.size() && reach > 0; ++i) {
    reach += (place.sizes[i] - 1) * place.strides[i];
    if (place.sizes[i] == 1) place.strides[i] = 0;  // means nothing
  }
  place.end = place.begin + reach * element;
  return place;
}

const void* ValueTable::key_of(const at::Tensor& tensor) {
  if (tensor.has_storage()) return tensor.storage().unsafeGetStorageImpl();
  return tensor.unsafeGetTensorImpl();
}

ValueTable::Memory& ValueTable::memory_of(const at::Tensor& tensor) {
  Memory& memory = memories_[key_of(tensor)];
  if (tensor.has_storage()) {
    if (!memory.storage) memory.storage = tensor.storage();
  } else {
    memory.sparse = tensor;
  }
  return memory;
}

void ValueTable::allocate(const at::Tensor& tensor) {
  memory_of(tensor);
}

void ValueTable::write(const at::Tensor& tensor, int32_t node) {
  memory_of(tensor).entries.push_back({place_of(tensor), node, true, ++time_});
}

void ValueTable::show(const at::Tensor& tensor, int32_t node) {
  memory_of(tensor).entries.push_back({place_of(tensor), node, false, ++time_});
}

bool ValueTable::knows(const at::Tensor& tensor) const {
  return memories_.contains(key_of(tensor));
}

int64_t ValueTable::last_write(const at::Tensor& tensor) const {
  const auto found = memories_.find(key_of(tensor));
  if (found == memories_.end()) return 0;
  int64_t last = 0;
  for (const Entry& entry : found->second.entries) {
    if (entry.is_write) last = entry.time;
  }
  return last;
}

ValueTable::Found ValueTable::find(const Place& place, const Memory& memory) {
  Found found{.base = memory.entries.size(), .later = {}};
  for (; found.base > 0; --found.base) {
    const Entry& entry = memory.entries[found.base - 1];
    if (entry.place == place || (entry.is_write && covers(entry.place, place))) break;
    if (entry.is_write && overlap(entry.place, place)) found.later.insert(found.later.begin(), entry.node);
  }
  return found;
}

bool ValueTable::is_whole(const at::Tensor& tensor) const {
  const auto memory = memories_.find(key_of(tensor));
  if (memory == memories_.end()) return true;
  const Found found = find(place_of(tensor), memory->second);
  return found.base > 0 && found.later.empty();
}

std::optional<int32_t> ValueTable::read(const at::Tensor& tensor) {
  if (!knows(tensor)) {
    const int32_t node = joints_.input(tensor);
    write(tensor, node);
    return node;
  }
  const Place place = place_of(tensor);
  Memory& memory = memory_of(tensor);
  const auto [base, later] = find(place, memory);
  int32_t node = -1;
  if (base == 0) {
    if (later.empty()) return std::nullopt;
    node = joints_.joined(tensor, later);
  } else {
    const Entry entry = memory.entries[base - 1];
    if (entry.place == place && later.empty()) return entry.node;
    node = entry.place == place ? entry.node : joints_.view(tensor, entry.node);
    for (const int32_t written : later) node = joints_.overwritten(tensor, node, written);
  }
  memory.entries.push_back({place, node, false, ++time_});
  return node;
}

}  // namespace timetrial
