#include "timetrial/checked_hyperparameters.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

using Reader = double (*)(const Hyperparameters&, const std::string&, std::optional<double>);

double read(Reader reader, double value) {
  return reader(Hyperparameters({{"x", value}}), "x", {});
}

std::string refusal_of(Reader reader, double value) {
  try {
    read(reader, value);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CheckedHyperparameters, AcceptTheEndsThatBelongToTheRange) {
  EXPECT_EQ(read(not_negative, 0), 0);
  EXPECT_EQ(read(not_negative, 1e300), 1e300);
  EXPECT_EQ(read(fraction, 0), 0);
  EXPECT_EQ(read(fraction, 1), 1);
  EXPECT_EQ(read(decay_rate, 0), 0);
  EXPECT_EQ(read(decay_rate_from_complement, 0.25), 0.75);
  EXPECT_EQ(read(decay_rate_from_complement, 1), 0);
}

TEST(CheckedHyperparameters, NameWhatIsOutside) {
  using testing::HasSubstr;
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(refusal_of(not_negative, -0.5), HasSubstr("'x' is not a number of at least 0"));
  EXPECT_THAT(refusal_of(not_negative, -0.5), HasSubstr("-0.5"));
  EXPECT_THAT(refusal_of(not_negative, infinity), HasSubstr("inf"));
  EXPECT_THAT(refusal_of(fraction, 1.5), HasSubstr("'x' is not between 0 and 1"));
  EXPECT_THAT(refusal_of(decay_rate, 1), HasSubstr("'x' is not at least 0 and below 1"));
  EXPECT_THAT(refusal_of(decay_rate_from_complement, 0), HasSubstr("'x' is not above 0 and at most 1"));
  for (const Reader reader : {not_negative, fraction, decay_rate, decay_rate_from_complement}) {
    EXPECT_THAT(refusal_of(reader, nan), HasSubstr("nan"));
  }
}

TEST(CheckedHyperparameters, FallBackOnlyWhenTheNameIsAbsent) {
  EXPECT_EQ(fraction(Hyperparameters(), "x", 0.5), 0.5);
  EXPECT_EQ(fraction(Hyperparameters({{"x", 0.25}}), "x", 0.5), 0.25);
  EXPECT_THROW(fraction(Hyperparameters(), "x", {}), std::exception);
}

}  // namespace
}  // namespace timetrial
