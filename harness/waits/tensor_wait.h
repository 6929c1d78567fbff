#pragma once

// Which tensor operations make the host wait where their tensors are on a GPU. Pure: told by the operation's
// name and a few facts of the call, so that it can be asked on a machine without a GPU.

#include <string_view>

namespace timetrial {

enum class TensorWait {
  never,
  never_inside,   // nor does what it is made of here: its kernel for GPUs is another
  always,         // its value, or the shape of its result, is needed on the host
  blocking_copy,  // a move to a device that the call names, unless it says non_blocking
  mask,           // indexing, if one of the indices is a boolean mask: the result's shape is not known
  unknown_size,   // unless the call says how large the result is
};

// operation: as LibTorch's dispatcher names it, without the overload: "aten::item".
TensorWait tensor_wait(std::string_view operation);

struct TensorCall {
  bool names_device = false;
  bool non_blocking = false;
  bool has_mask = false;
  bool gives_size = false;
};

bool waits(TensorWait wait, const TensorCall& call);

}  // namespace timetrial
