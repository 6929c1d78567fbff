#include "harness/waits/tensor_wait.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace timetrial {

namespace {

// Sorted by name. Operations that are made of these (one_hot, where(condition), multinomial …) are found by
// what they call.
constexpr std::pair<std::string_view, TensorWait> kTable[] = {
    {"aten::_fused_adagrad_", TensorWait::never_inside},
    {"aten::_fused_adam_", TensorWait::never_inside},
    {"aten::_fused_adamw_", TensorWait::never_inside},
    {"aten::_fused_sgd_", TensorWait::never_inside},
    {"aten::_index_put_impl_", TensorWait::mask},
    {"aten::_linalg_check_errors", TensorWait::always},
    {"aten::_local_scalar_dense", TensorWait::always},
    {"aten::_to_copy", TensorWait::blocking_copy},
    {"aten::_unique", TensorWait::always},
    {"aten::_unique2", TensorWait::always},
    {"aten::allclose", TensorWait::always},
    {"aten::argwhere", TensorWait::always},
    {"aten::bincount", TensorWait::always},
    {"aten::coalesce", TensorWait::always},
    {"aten::equal", TensorWait::always},
    {"aten::index", TensorWait::mask},
    {"aten::index_put", TensorWait::mask},
    {"aten::index_put_", TensorWait::mask},
    {"aten::is_nonzero", TensorWait::always},
    {"aten::item", TensorWait::always},
    {"aten::masked_select", TensorWait::always},
    {"aten::nonzero", TensorWait::always},
    {"aten::nonzero_numpy", TensorWait::always},
    {"aten::repeat_interleave", TensorWait::unknown_size},
    {"aten::to", TensorWait::blocking_copy},
    {"aten::to_sparse", TensorWait::always},
    {"aten::unique_consecutive", TensorWait::always},
    {"aten::unique_dim", TensorWait::always},
    {"aten::unique_dim_consecutive", TensorWait::always},
};

constexpr bool by_name(const std::pair<std::string_view, TensorWait>& entry, std::string_view name) {
  return entry.first < name;
}

static_assert(std::is_sorted(std::begin(kTable), std::end(kTable),
                             [](const auto& left, const auto& right) { return left.first < right.first; }));

}  // namespace

TensorWait tensor_wait(std::string_view operation) {
  const auto* found = std::lower_bound(std::begin(kTable), std::end(kTable), operation, by_name);
  return found != std::end(kTable) && found->first == operation ? found->second : TensorWait::never;
}

bool waits(TensorWait wait, const TensorCall& call) {
  switch (wait) {
    case TensorWait::never:
    case TensorWait::never_inside:
      return false;
    case TensorWait::always:
      return true;
    case TensorWait::blocking_copy:
      return call.names_device && !call.non_blocking;
    case TensorWait::mask:
      return call.has_mask;
    case TensorWait::unknown_size:
      return !call.gives_size;
  }
  return false;
}

}  // namespace timetrial
