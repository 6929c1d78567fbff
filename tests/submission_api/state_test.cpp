#include "timetrial/state.h"

#include <functional>
#include <string>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "thrown_message.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(State, RoundTripKeepsTensorsNumbersAndLists) {
  const at::Tensor weights = at::rand({3, 4}, at::kDouble);
  const std::vector<at::Tensor> moments = {at::rand({2}), at::rand({0}), at::rand({})};
  State state;
  state.put("weights", weights);
  state.put_number("rate", 0.1);
  state.put_integer("steps", (int64_t{1} << 53) + 1);
  state.put_list("moments", moments);

  EXPECT_TRUE(state.get("weights").equal(weights));
  EXPECT_EQ(state.get_number("rate"), 0.1);
  EXPECT_EQ(state.get_integer("steps"), (int64_t{1} << 53) + 1);
  std::vector<at::Tensor> loaded = {at::zeros({2}), at::zeros({0}), at::zeros({})};
  state.get_list_into("moments", loaded);
  for (std::size_t i = 0; i < moments.size(); ++i) EXPECT_TRUE(loaded[i].equal(moments[i])) << i;
}

TEST(State, PutCopiesSoThatTrainingMayGoOn) {
  at::Tensor weights = at::ones({3}).requires_grad_();
  State state;
  state.put("weights", weights);
  weights.data().fill_(7);
  EXPECT_TRUE(state.get("weights").equal(at::ones({3})));
  EXPECT_FALSE(state.get("weights").requires_grad());
}

TEST(State, GetIntoFillsALeafThatRequiresGrad) {
  State state;
  state.put("weights", at::ones({3}));
  at::Tensor weights = at::zeros({3}).requires_grad_();
  const void* storage = weights.data_ptr();
  state.get_into("weights", weights);
  EXPECT_TRUE(weights.detach().equal(at::ones({3})));
  EXPECT_EQ(weights.data_ptr(), storage);
}

TEST(State, MissingNameIsNamedWithWhatThereIs) {
  State state;
  state.put_number("rate", 1);
  EXPECT_THAT(message_of([&] { state.get("momentum"); }),
              AllOf(HasSubstr("no 'momentum'"), HasSubstr("found: rate")));
}

TEST(State, OtherShapeOrDtypeIsAnErrorThatNamesBoth) {
  State state;
  state.put("weights", at::ones({3}));
  EXPECT_THAT(message_of([&] {
                state.get_into("weights", at::zeros({1, 3}));
              }),
              AllOf(HasSubstr("'weights' does not fit"), HasSubstr("[1, 3]"), HasSubstr("[3]")));
  EXPECT_THAT(message_of([&] { state.get_into("weights", at::zeros({3}, at::kDouble)); }),
              AllOf(HasSubstr("'weights' does not fit"), HasSubstr("Double"), HasSubstr("Float")));
}

TEST(State, ListOfOtherLengthIsAnError) {
  State state;
  state.put_list("moments", {at::ones({1}), at::ones({1})});
  EXPECT_THAT(message_of([&] { state.get_list_into("moments", {at::zeros({1})}); }),
              AllOf(HasSubstr("'moments'"), HasSubstr("1 tensors are wanted"), HasSubstr("2 tensors")));
}

TEST(State, NumberAndIntegerAreNotMistakenForEachOther) {
  State state;
  state.put_number("rate", 2);
  state.put("weights", at::ones({3}, at::kDouble));
  EXPECT_THAT(message_of([&] { state.get_integer("rate"); }), HasSubstr("'rate' is not the kind of number"));
  EXPECT_THAT(message_of([&] { state.get_number("weights"); }),
              HasSubstr("'weights' is not the kind of number"));
}

TEST(State, PuttingANameTwiceOrAnUndefinedTensorIsAnError) {
  State state;
  state.put_number("rate", 2);
  EXPECT_THAT(message_of([&] { state.put_number("rate", 3); }), HasSubstr("'rate' is put twice"));
  EXPECT_THAT(message_of([&] { state.put("nothing", at::Tensor()); }),
              HasSubstr("'nothing' is put as an undefined"));
}

}  // namespace
}  // namespace timetrial
