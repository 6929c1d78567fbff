#include "workloads/computation_graph/element_type.h"

#include <array>

namespace timetrial {
namespace {

struct ElementFacts {
  std::string_view name;
  int64_t bytes;
};

constexpr std::array<ElementFacts, kElementTypes> kFacts = {{{"invalid", 0},
                                                             {"pred", 1},
                                                             {"s8", 1},
                                                             {"s16", 2},
                                                             {"s32", 4},
                                                             {"s64", 8},
                                                             {"u8", 1},
                                                             {"u16", 2},
                                                             {"u32", 4},
                                                             {"u64", 8},
                                                             {"f16", 2},
                                                             {"f32", 4},
                                                             {"f64", 8},
                                                             {"bf16", 2},
                                                             {"c64", 8},
                                                             {"c128", 16},
                                                             {"tuple", 0},
                                                             {"opaque", 0},
                                                             {"token", 0}}};

}  // namespace

std::string_view name_of(ElementType type) {
  return kFacts.at(static_cast<size_t>(type)).name;
}

int64_t bytes_of(ElementType type) {
  return kFacts.at(static_cast<size_t>(type)).bytes;
}

}  // namespace timetrial
