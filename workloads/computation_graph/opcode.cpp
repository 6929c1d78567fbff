#include "workloads/computation_graph/opcode.h"

#include <stdexcept>
#include <string>

namespace timetrial {
namespace {

struct NamedOpcode {
  Opcode opcode;
  std::string_view name;
};

constexpr NamedOpcode kNames[] = {
    {Opcode::unknown, "unknown"},
    {Opcode::abs, "abs"},
    {Opcode::add, "add"},
    {Opcode::add_dependency, "add-dependency"},
    {Opcode::after_all, "after-all"},
    {Opcode::all_reduce, "all-reduce"},
    {Opcode::all_to_all, "all-to-all"},
    {Opcode::atan2, "atan2"},
    {Opcode::batch_norm_grad, "batch-norm-grad"},
    {Opcode::batch_norm_inference, "batch-norm-inference"},
    {Opcode::batch_norm_training, "batch-norm-training"},
    {Opcode::bitcast, "bitcast"},
    {Opcode::bitcast_convert, "bitcast-convert"},
    {Opcode::broadcast, "broadcast"},
    {Opcode::call, "call"},
    {Opcode::ceil, "ceil"},
    {Opcode::cholesky, "cholesky"},
    {Opcode::clamp, "clamp"},
    {Opcode::collective_permute, "collective-permute"},
    {Opcode::count_leading_zeros, "count-leading-zeros"},
    {Opcode::compare, "compare"},
    {Opcode::complex, "complex"},
    {Opcode::concatenate, "concatenate"},
    {Opcode::conditional, "conditional"},
    {Opcode::constant, "constant"},
    {Opcode::convert, "convert"},
    {Opcode::convolution, "convolution"},
    {Opcode::copy, "copy"},
    {Opcode::copy_done, "copy-done"},
    {Opcode::copy_start, "copy-start"},
    {Opcode::cosine, "cosine"},
    {Opcode::custom_call, "custom-call"},
    {Opcode::divide, "divide"},
    {Opcode::domain, "domain"},
    {Opcode::dot, "dot"},
    {Opcode::dynamic_slice, "dynamic-slice"},
    {Opcode::dynamic_update_slice, "dynamic-update-slice"},
    {Opcode::exponential, "exponential"},
    {Opcode::exponential_minus_one, "exponential-minus-one"},
    {Opcode::fft, "fft"},
    {Opcode::floor, "floor"},
    {Opcode::fusion, "fusion"},
    {Opcode::gather, "gather"},
    {Opcode::get_dimension_size, "get-dimension-size"},
    {Opcode::set_dimension_size, "set-dimension-size"},
    {Opcode::get_tuple_element, "get-tuple-element"},
    {Opcode::imag, "imag"},
    {Opcode::infeed, "infeed"},
    {Opcode::iota, "iota"},
    {Opcode::is_finite, "is-finite"},
    {Opcode::log, "log"},
    {Opcode::log_plus_one, "log-plus-one"},
    {Opcode::bitwise_and, "and"},
    {Opcode::bitwise_not, "not"},
    {Opcode::bitwise_or, "or"},
    {Opcode::bitwise_xor, "xor"},
    {Opcode::map, "map"},
    {Opcode::maximum, "maximum"},
    {Opcode::minimum, "minimum"},
    {Opcode::multiply, "multiply"},
    {Opcode::negate, "negate"},
    {Opcode::outfeed, "outfeed"},
    {Opcode::pad, "pad"},
    {Opcode::parameter, "parameter"},
    {Opcode::partition_id, "partition-id"},
    {Opcode::popcnt, "popcnt"},
    {Opcode::power, "power"},
    {Opcode::real, "real"},
    {Opcode::recv, "recv"},
    {Opcode::recv_done, "recv-done"},
    {Opcode::reduce, "reduce"},
    {Opcode::reduce_precision, "reduce-precision"},
    {Opcode::reduce_window, "reduce-window"},
    {Opcode::remainder, "remainder"},
    {Opcode::replica_id, "replica-id"},
    {Opcode::reshape, "reshape"},
    {Opcode::reverse, "reverse"},
    {Opcode::rng, "rng"},
    {Opcode::rng_get_and_update_state, "rng-get-and-update-state"},
    {Opcode::rng_bit_generator, "rng-bit-generator"},
    {Opcode::round_nearest_afz, "round-nearest-afz"},
    {Opcode::rsqrt, "rsqrt"},
    {Opcode::scatter, "scatter"},
    {Opcode::select, "select"},
    {Opcode::select_and_scatter, "select-and-scatter"},
    {Opcode::send, "send"},
    {Opcode::send_done, "send-done"},
    {Opcode::shift_left, "shift-left"},
    {Opcode::shift_right_arithmetic, "shift-right-arithmetic"},
    {Opcode::shift_right_logical, "shift-right-logical"},
    {Opcode::sign, "sign"},
    {Opcode::sine, "sine"},
    {Opcode::slice, "slice"},
    {Opcode::sort, "sort"},
    {Opcode::sqrt, "sqrt"},
    {Opcode::subtract, "subtract"},
    {Opcode::tanh, "tanh"},
    {Opcode::transpose, "transpose"},
    {Opcode::triangular_solve, "triangular-solve"},
    {Opcode::tuple, "tuple"},
    {Opcode::while_loop, "while"},
    {Opcode::cbrt, "cbrt"},
    {Opcode::all_gather, "all-gather"},
    {Opcode::collective_permute_start, "collective-permute-start"},
    {Opcode::collective_permute_done, "collective-permute-done"},
    {Opcode::logistic, "logistic"},
    {Opcode::dynamic_reshape, "dynamic-reshape"},
    {Opcode::all_reduce_start, "all-reduce-start"},
    {Opcode::all_reduce_done, "all-reduce-done"},
    {Opcode::reduce_scatter, "reduce-scatter"},
    {Opcode::all_gather_start, "all-gather-start"},
    {Opcode::all_gather_done, "all-gather-done"},
    {Opcode::opt_barrier, "opt-barrier"},
    {Opcode::async_start, "async-start"},
    {Opcode::async_update, "async-update"},
    {Opcode::async_done, "async-done"},
    {Opcode::round_nearest_even, "round-nearest-even"},
    {Opcode::stochastic_convert, "stochastic-convert"},
    {Opcode::tan, "tan"},
};

}  // namespace

std::string_view name_of(Opcode opcode) {
  for (const NamedOpcode& entry : kNames) {
    if (entry.opcode == opcode) return entry.name;
  }
  throw std::logic_error("no operation has the number " + std::to_string(static_cast<int>(opcode)));
}

Opcode opcode_named(std::string_view name) {
  for (const NamedOpcode& entry : kNames) {
    if (entry.name == name) return entry.opcode;
  }
  return Opcode::unknown;
}

}  // namespace timetrial
