#include "workloads/computation_graph/operation_cost.h"

#include <bit>
#include <stdexcept>

namespace timetrial {
namespace {

constexpr int64_t kTranscendental = 8;
constexpr int64_t kBatchNorm = 8;
constexpr int64_t kBatchNormGradient = 10;
constexpr int64_t kButterfly = 5;

int64_t window_volume(const GraphNode& node) {
  int64_t volume = 1;
  for (const WindowDimension& dimension : node.window) volume *= dimension.size;
  return volume;
}

// ceil(log2 n), at least 1.
int64_t levels(int64_t count) {
  return count <= 2 ? 1 : static_cast<int64_t>(std::bit_width(static_cast<uint64_t>(count - 1)));
}

}  // namespace

int64_t operation_flops(const GraphNode& node, const std::vector<const GraphNode*>& operands) {
  const int64_t outputs = elements_of(node.output);
  const auto elements_read = [&] { return operands.empty() ? 0 : elements_of(operands.front()->output); };
  switch (node.opcode) {
    case Opcode::dot:
    case Opcode::convolution:
      throw std::logic_error("the cost of a dot or a convolution is for whoever makes the node to tell");
    case Opcode::bitcast:
    case Opcode::broadcast:
    case Opcode::concatenate:
    case Opcode::constant:
    case Opcode::copy:
    case Opcode::dynamic_slice:
    case Opcode::dynamic_update_slice:
    case Opcode::gather:
    case Opcode::get_tuple_element:
    case Opcode::iota:
    case Opcode::pad:
    case Opcode::parameter:
    case Opcode::reshape:
    case Opcode::reverse:
    case Opcode::slice:
    case Opcode::transpose:
    case Opcode::tuple:
    case Opcode::unknown:
      return 0;
    case Opcode::atan2:
    case Opcode::cbrt:
    case Opcode::cosine:
    case Opcode::exponential:
    case Opcode::exponential_minus_one:
    case Opcode::log:
    case Opcode::log_plus_one:
    case Opcode::logistic:
    case Opcode::power:
    case Opcode::rsqrt:
    case Opcode::sine:
    case Opcode::sqrt:
    case Opcode::tan:
    case Opcode::tanh:
      return kTranscendental * outputs;
    case Opcode::reduce:
      return elements_read();
    case Opcode::reduce_window:
      return outputs * window_volume(node);
    case Opcode::select_and_scatter:
      return elements_of(operands.back()->output) * window_volume(node);
    case Opcode::scatter:
      return elements_of(operands.back()->output);
    case Opcode::sort:
      return elements_read() * levels(elements_read());
    case Opcode::fft:
      return kButterfly * elements_read() * levels(elements_read());
    case Opcode::batch_norm_training:
      return kBatchNorm * elements_read();
    case Opcode::batch_norm_grad:
      return kBatchNormGradient * elements_read();
    default:
      return outputs;
  }
}

}  // namespace timetrial
