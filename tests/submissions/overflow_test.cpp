// A gradient that is not finite makes the step void: nothing may change, and training must be able to go on.

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "given_gradients.h"
#include "same_bits.h"
#include "tested_submission.h"

namespace timetrial {
namespace {

struct Snapshot {
  std::vector<at::Tensor> parameters;
  std::map<std::string, at::Tensor> state;
};

Snapshot snapshot(const TraceProblem& problem, TestedSubmission& submission) {
  Snapshot taken;
  for (const Parameter& parameter : problem.parameters)
    taken.parameters.push_back(parameter.tensor.detach().clone());
  taken.state = submission.save().tensors();
  return taken;
}

void expect_same(const Snapshot& left, const Snapshot& right) {
  for (std::size_t i = 0; i < left.parameters.size(); ++i) {
    EXPECT_TRUE(same_bits(left.parameters[i], right.parameters[i])) << "parameter " << i;
  }
  ASSERT_EQ(left.state.size(), right.state.size());
  for (const auto& [name, tensor] : left.state) EXPECT_TRUE(same_bits(tensor, right.state.at(name))) << name;
}

struct OverflowCase {
  float value;
  double grad_clip;
  at::ScalarType dtype;
};

class Overflow : public testing::TestWithParam<OverflowCase> {
 protected:
  Point point() const {
    return {{"learning_rate", 0.01}, {"warmup_factor", 0.0}, {"grad_clip", GetParam().grad_clip}};
  }

  // One entry of one parameter's gradient goes bad.
  std::function<void(const ParameterList&)> disturb() const {
    const float value = GetParam().value;
    return [value](const ParameterList& parameters) { parameters[1].tensor.mutable_grad()[3].fill_(value); };
  }
};

TEST_P(Overflow, LeavesEveryParameterMomentAndCounterBitIdentical) {
  auto problem = make_trace_problem("quad", GetParam().dtype);
  TestedSubmission submission("sync_free_adamw", point(), problem->parameters, kEndless);
  train(submission, *problem, 0, 5);
  const Snapshot before = snapshot(*problem, submission);
  TraceStep bad_step(*problem, 5, disturb());
  submission.update(bad_step);
  expect_same(before, snapshot(*problem, submission));
}

TEST_P(Overflow, InTheFirstStepLeavesTheInitialState) {
  auto problem = make_trace_problem("quad", GetParam().dtype);
  TestedSubmission submission("sync_free_adamw", point(), problem->parameters, kEndless);
  const Snapshot before = snapshot(*problem, submission);
  TraceStep bad_step(*problem, 0, disturb());
  submission.update(bad_step);
  expect_same(before, snapshot(*problem, submission));
}

TEST_P(Overflow, TrainingGoesOnAsIfTheVoidStepHadNotBeen) {
  auto problem = make_trace_problem("quad", GetParam().dtype);
  auto undisturbed = make_trace_problem("quad", GetParam().dtype);
  TestedSubmission submission("sync_free_adamw", point(), problem->parameters, 50);
  TestedSubmission other("sync_free_adamw", point(), undisturbed->parameters, 50);
  train(submission, *problem, 0, 5);
  TraceStep bad_step(*problem, 5, disturb());
  submission.update(bad_step);
  train(submission, *problem, 5, 40);
  train(other, *undisturbed, 0, 40);
  expect_same(snapshot(*undisturbed, other), snapshot(*problem, submission));
  for (const Parameter& parameter : problem->parameters) {
    EXPECT_TRUE(at::isfinite(parameter.tensor.detach()).all().item<bool>()) << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Overflow,
                         testing::Values(OverflowCase{std::numeric_limits<float>::quiet_NaN(), 0, at::kFloat},
                                         OverflowCase{std::numeric_limits<float>::infinity(), 0, at::kFloat},
                                         OverflowCase{-std::numeric_limits<float>::infinity(), 1, at::kFloat},
                                         OverflowCase{std::numeric_limits<float>::quiet_NaN(), 1,
                                                      at::kDouble}));

// Two ranks train on the average of their gradients.
class RankGradients : public GivenGradients {
 public:
  RankGradients() {
    at::manual_seed(8);
    for (const int64_t size : {60, 7}) {
      parameters.push_back({"p", at::randn({size}).requires_grad_(), ParameterKind::weight, false});
    }
  }

  static std::vector<at::Tensor> of_rank(int64_t step, uint64_t rank, bool overflows) {
    at::manual_seed(2 * static_cast<uint64_t>(step) + rank);
    std::vector<at::Tensor> gradients = {at::randn({60}), at::randn({7})};
    if (overflows) gradients[1][3] = std::numeric_limits<float>::infinity();
    return gradients;
  }

  void give(int64_t /*step*/) override {
    for (std::size_t i = 0; i < parameters.size(); ++i)
      parameters[i].tensor.mutable_grad() = average[i].clone();
  }

  std::vector<at::Tensor> average;
};

TEST(TwoRanks, AgreeToVoidTheStepInWhichOnlyOneOverflows) {
  for (const char* library : {"sync_free_adamw", "sync_free_nadamw"}) {
    RankGradients first, second;
    const Point point = {{"learning_rate", 0.01}, {"warmup_factor", 0.0}};
    TestedSubmission first_rank(library, point, first.parameters, 50);
    TestedSubmission second_rank(library, point, second.parameters, 50);
    for (int64_t step = 0; step < 10; ++step) {
      const std::vector<at::Tensor> own = RankGradients::of_rank(step, 0, false);
      const std::vector<at::Tensor> other = RankGradients::of_rank(step, 1, /*overflows=*/step == 4);
      first.average = second.average = {(own[0] + other[0]) / 2, (own[1] + other[1]) / 2};
      const at::Tensor before = first.parameters[0].tensor.detach().clone();
      train(first_rank, first, step, step + 1);
      train(second_rank, second, step, step + 1);
      EXPECT_EQ(first.parameters[0].tensor.equal(before), step == 4) << library;
    }
    for (std::size_t i = 0; i < first.parameters.size(); ++i) {
      EXPECT_TRUE(same_bits(first.parameters[i].tensor, second.parameters[i].tensor)) << library;
    }
    EXPECT_EQ(first_rank.save().get_number("steps"), 9) << library;
    EXPECT_EQ(second_rank.save().get_number("steps"), 9) << library;
  }
}

TEST(HugeGradient, ThatIsFiniteIsAnOrdinaryStepAndClipped) {
  auto problem = make_trace_problem("quad", at::kFloat);
  TestedSubmission submission("sync_free_adamw",
                              {{"learning_rate", 0.01}, {"warmup_factor", 0.0}, {"grad_clip", 1.0}},
                              problem->parameters, kEndless);
  TraceStep step(*problem, 0, [](const ParameterList& parameters) {
    for (const Parameter& parameter : parameters) parameter.tensor.mutable_grad().fill_(3e38f);
  });
  const State before = submission.save();
  submission.update(step);
  const State after = submission.save();
  EXPECT_EQ(after.get_number("steps"), before.get_number("steps") + 1);
  const at::Tensor& moment = after.get("first_moments.0");
  // 53 equal entries of a gradient of norm 1, times 1 - beta1.
  EXPECT_TRUE(at::allclose(moment, at::full_like(moment, 0.06733926164 / std::sqrt(53.0)), 1e-5));
}

}  // namespace
}  // namespace timetrial
