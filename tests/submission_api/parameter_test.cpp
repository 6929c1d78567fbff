#include "timetrial/parameter.h"

#include <set>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(ParameterKind, EveryKindHasANameOfItsOwn) {
  std::set<std::string_view> names;
  const int count = static_cast<int>(ParameterKind::attention_bias) + 1;
  for (int kind = 0; kind < count; ++kind) names.insert(to_string(static_cast<ParameterKind>(kind)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(to_string(ParameterKind::layer_norm_scale), "layer_norm_scale");
}

TEST(ParameterKind, UnknownValueIsReported) {
  EXPECT_THROW(to_string(static_cast<ParameterKind>(99)), std::logic_error);
}

}  // namespace
}  // namespace timetrial
