#include <gtest/gtest.h>

#include "tested_submission.h"

namespace timetrial {
namespace {

struct ResumeCase {
  std::string library;
  Point point;
};

class Resume : public testing::TestWithParam<ResumeCase> {};

TEST_P(Resume, ContinuationIsBitIdenticalToAnUninterruptedRun) {
  const ResumeCase& resumed_case = GetParam();
  auto whole = make_trace_problem("mlp", at::kFloat);
  TestedSubmission uninterrupted(resumed_case.library, resumed_case.point, whole->parameters, 40);
  train(uninterrupted, *whole, 0, 17);

  State state = uninterrupted.save();
  auto resumed = make_trace_problem("mlp", at::kFloat);
  TestedSubmission second(resumed_case.library, resumed_case.point, resumed->parameters, 40);
  for (std::size_t i = 0; i < whole->parameters.size(); ++i) {
    resumed->parameters[i].tensor.data().copy_(whole->parameters[i].tensor.data());
  }
  train(uninterrupted, *whole, 17, 40);  // must not reach into the saved state
  second.load(state);
  train(second, *resumed, 17, 40);

  for (std::size_t i = 0; i < whole->parameters.size(); ++i) {
    EXPECT_TRUE(resumed->parameters[i].tensor.detach().equal(whole->parameters[i].tensor.detach()))
        << whole->parameters[i].name;
  }
  const State expected = uninterrupted.save();
  const State found = second.save();
  EXPECT_EQ(found.tensors().size(), expected.tensors().size());
  for (const auto& [name, tensor] : found.tensors()) EXPECT_TRUE(tensor.equal(expected.get(name))) << name;
}

TEST_P(Resume, StateOfAnotherModelIsRefused) {
  auto small = make_trace_problem("quad", at::kFloat);
  auto large = make_trace_problem("mlp", at::kFloat);
  TestedSubmission from(GetParam().library, GetParam().point, small->parameters, 40);
  TestedSubmission into(GetParam().library, GetParam().point, large->parameters, 40);
  EXPECT_THROW(into.load(from.save()), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(
    All, Resume,
    testing::Values(ResumeCase{"adamw", {{"learning_rate", 0.01}, {"grad_clip", 0.5}}},
                    ResumeCase{"sync_free_adamw", {{"learning_rate", 0.01}, {"grad_clip", 0.5}}},
                    ResumeCase{"nesterov_momentum", {{"learning_rate", 0.1}, {"one_minus_beta1", 0.1}}},
                    ResumeCase{"my_adamw", {{"learning_rate", 0.01}}}),
    [](const auto& test) { return test.param.library; });

}  // namespace
}  // namespace timetrial
