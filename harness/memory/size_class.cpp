#include "harness/memory/size_class.h"

#include <bit>

namespace timetrial {

namespace {

constexpr std::size_t kLinearClasses = 8;  // 64, 128 … 512
constexpr std::size_t kStepsPerDoubling = 8;
constexpr std::size_t kFirstDoubling = 9;  // 512 = 2^9

}  // namespace

std::size_t bytes_of_class(std::size_t size_class) {
  if (size_class < kLinearClasses) return (size_class + 1) * kBlockAlignment;
  const std::size_t beyond = size_class - kLinearClasses;
  const std::size_t doubling = kFirstDoubling + beyond / kStepsPerDoubling;
  const std::size_t step = beyond % kStepsPerDoubling + 1;
  return (std::size_t{1} << doubling) + (step << (doubling - 3));
}

std::size_t size_class_holding(std::size_t bytes) {
  const std::size_t most = bytes - 1;  // so that a size that is a class of its own does not go up
  if (bytes <= kLinearClasses * kBlockAlignment) return most / kBlockAlignment;
  const auto doubling = static_cast<std::size_t>(std::bit_width(most)) - 1;
  const std::size_t step = (most - (std::size_t{1} << doubling)) >> (doubling - 3);
  return kLinearClasses + (doubling - kFirstDoubling) * kStepsPerDoubling + step;
}

std::size_t size_class_within(std::size_t bytes) {
  const std::size_t holding = size_class_holding(bytes);
  return bytes_of_class(holding) == bytes ? holding : holding - 1;
}

}  // namespace timetrial
