#include "timetrial/hyperparameters.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "thrown_message.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Hyperparameters example() {
  return Hyperparameters({{"learning_rate", 0.001},
                          {"beta2", 0.999},
                          {"warmup_steps", 500.0},
                          {"nesterov", true},
                          {"graft", std::string("adam")}});
}

TEST(Hyperparameters, TypedAccessorsReturnTheValues) {
  const Hyperparameters point = example();
  EXPECT_EQ(point.number("learning_rate"), 0.001);
  EXPECT_EQ(point.integer("warmup_steps"), 500);
  EXPECT_TRUE(point.flag("nesterov"));
  EXPECT_EQ(point.text("graft"), "adam");
}

TEST(Hyperparameters, MissingNameIsNamedWithTheNearestSpellingAndTheOthers) {
  const std::string message = message_of([] { example().number("lerning_rate"); });
  EXPECT_THAT(message,
              AllOf(HasSubstr("'lerning_rate' is missing"), HasSubstr("did you mean 'learning_rate'?"),
                    HasSubstr("beta2, graft, learning_rate, nesterov, warmup_steps")));
}

TEST(Hyperparameters, SwappedLettersAreStillSuggested) {
  EXPECT_THAT(message_of([] { example().number("bet2a"); }), HasSubstr("did you mean 'beta2'?"));
}

TEST(Hyperparameters, NameUnlikeAnyOtherGetsNoSuggestion) {
  EXPECT_THAT(message_of([] { example().number("label_smoothing"); }),
              AllOf(HasSubstr("'label_smoothing' is missing"), Not(HasSubstr("did you mean"))));
}

TEST(Hyperparameters, EmptyPointSaysSo) {
  const std::string message = message_of([] { Hyperparameters().number("beta2"); });
  EXPECT_THAT(message, HasSubstr("found: none"));
}

TEST(Hyperparameters, WrongTypeNamesWhatWasFound) {
  EXPECT_THAT(message_of([] { example().number("graft"); }),
              AllOf(HasSubstr("'graft' is not a number"), HasSubstr("\"adam\"")));
  EXPECT_THAT(message_of([] { example().flag("beta2"); }),
              AllOf(HasSubstr("'beta2' is not true or false"), HasSubstr("0.999")));
  EXPECT_THAT(message_of([] { example().text("nesterov"); }),
              AllOf(HasSubstr("'nesterov' is not a text"), HasSubstr("found: true")));
}

TEST(Hyperparameters, IntegerRefusesFractionsAndValuesADoubleCannotCount) {
  EXPECT_THAT(message_of([] { example().integer("beta2"); }), HasSubstr("not a whole number"));
  const Hyperparameters huge({{"steps", 1e300}, {"endless", std::numeric_limits<double>::infinity()}});
  EXPECT_THAT(message_of([&] { huge.integer("steps"); }), HasSubstr("not a whole number"));
  EXPECT_THAT(message_of([&] { huge.integer("endless"); }), HasSubstr("not a whole number"));
}

TEST(Hyperparameters, DefaultsAreUsedOnlyForAbsentNames) {
  const Hyperparameters point = example();
  EXPECT_EQ(point.number_or("beta2", 0.5), 0.999);
  EXPECT_EQ(point.number_or("epsilon", 1e-8), 1e-8);
  EXPECT_EQ(point.integer_or("power", 2), 2);
  EXPECT_FALSE(point.flag_or("cautious", false));
  EXPECT_EQ(point.text_or("graft", "sgd"), "adam");
  EXPECT_THAT(message_of([&] { point.number_or("graft", 1); }), HasSubstr("not a number"));
}

TEST(Hyperparameters, UnreadListsWhatNoAccessorWasCalledFor) {
  const Hyperparameters point = example();
  point.number("beta2");
  point.flag_or("nesterov", false);
  point.number_or("epsilon", 1e-8);
  point.has("graft");
  EXPECT_THAT(point.unread(), ElementsAre("graft", "learning_rate", "warmup_steps"));
  point.text("graft");
  point.number("learning_rate");
  point.integer("warmup_steps");
  EXPECT_THAT(point.unread(), IsEmpty());
}

}  // namespace
}  // namespace timetrial
