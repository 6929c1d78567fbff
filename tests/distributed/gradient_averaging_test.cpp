#include "harness/distributed/gradient_averaging.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "run_ranks.h"
#include "workloads/data/share.h"

namespace timetrial {
namespace {

constexpr int64_t kExamples = 12;

// Two layers, the first large enough not to be packed; a third parameter that the loss may leave out.
struct Model {
  Model() {
    at::manual_seed(3);
    using Shape = std::vector<int64_t>;
    for (const Shape& shape : {Shape{300, 400}, Shape{400}, Shape{400, 1}})
      parameters.push_back((at::randn(shape) * 0.05).requires_grad_());
    parameters.push_back(at::ones({5}).requires_grad_());
  }
  at::Tensor loss(const at::Tensor& inputs) const {
    const at::Tensor hidden = (inputs.matmul(parameters[0]) + parameters[1]).tanh();
    return hidden.matmul(parameters[2]).square().mean();
  }
  std::vector<at::Tensor> gradients() const {
    std::vector<at::Tensor> found;
    for (const at::Tensor& parameter : parameters) found.push_back(parameter.grad());
    return found;
  }
  std::vector<at::Tensor> parameters;
};

at::Tensor inputs() {
  at::manual_seed(4);
  return at::randn({kExamples, 300});
}

at::Tensor own_inputs(const ProcessGroup& group) {
  const Share share = share_of(kExamples, group.rank(), group.count());
  return inputs().narrow(0, share.begin, share.count());
}

void expect_same_as_whole_batch(const Model& averaged, const std::function<void(const Model&)>& train) {
  const Model whole;
  train(whole);
  for (size_t i = 0; i < averaged.parameters.size(); ++i) {
    const at::Tensor expected = whole.parameters[i].grad();
    const at::Tensor found = averaged.parameters[i].grad();
    ASSERT_EQ(found.defined(), expected.defined()) << "parameter " << i;
    if (!found.defined()) continue;
    EXPECT_TRUE(at::allclose(found, expected, 1e-4, 1e-7)) << "parameter " << i;
  }
}

void expect_same_on_every_rank(const Model& model, ProcessGroup& group) {
  for (const at::Tensor& gradient : model.gradients()) {
    if (!gradient.defined()) continue;
    for (const at::Tensor& other : group.gather(gradient.reshape(-1)))
      EXPECT_TRUE(other.equal(gradient.reshape(-1)));
  }
}

void without_counting(const std::function<void()>& wait) {
  wait();
}

using GradientAveragingTest = FolderTest;

TEST_F(GradientAveragingTest, GivesEveryRankTheGradientOfTheWholeBatch) {
  for (const int64_t ranks : {2, 3}) {
    run_ranks(ranks, folder_, [](ProcessGroup& group) {
      const Model model;
      int waits = 0;
      GradientAveraging averaging(model.parameters, group, [&](const std::function<void()>& wait) {
        ++waits;
        wait();
      });
      const at::Tensor loss = model.loss(own_inputs(group));
      const at::Tensor shown = loss.detach().clone();
      averaging.include(shown);
      loss.backward();
      expect_same_as_whole_batch(model, [](const Model& whole) { whole.loss(inputs()).backward(); });
      expect_same_on_every_rank(model, group);
      EXPECT_NEAR(shown.item<double>(), Model().loss(inputs()).item<double>(), 1e-6);
      EXPECT_EQ(waits, 1);
    });
  }
}

TEST_F(GradientAveragingTest, AveragesWhatSeveralPassesAddUp) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    const Model model;
    const GradientAveraging averaging(model.parameters, group, without_counting);
    const auto train = [](const Model& on, const at::Tensor& batch) {
      on.loss(batch).backward();
      (2 * on.loss(batch * 0.5)).backward();
    };
    train(model, own_inputs(group));
    expect_same_as_whole_batch(model, [&](const Model& whole) { train(whole, inputs()); });
    expect_same_on_every_rank(model, group);
  });
}

TEST_F(GradientAveragingTest, OverflowOnOneRankIsOverflowOnAll) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    const Model model;
    const GradientAveraging averaging(model.parameters, group, without_counting);
    at::Tensor batch = own_inputs(group).clone();
    if (group.rank() == 1) batch.fill_(std::numeric_limits<float>::infinity());
    model.loss(batch).backward();
    for (int i : {0, 1, 2})
      EXPECT_FALSE(at::isfinite(model.gradients()[static_cast<size_t>(i)]).all().item<bool>());
  });
}

TEST_F(GradientAveragingTest, StartsOverAfterAPassThatFailed) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    const Model model;
    GradientAveraging averaging(model.parameters, group, without_counting);
    const at::Tensor hidden = (own_inputs(group).matmul(model.parameters[0]) + model.parameters[1]).tanh();
    hidden.register_hook([](const at::Tensor&) -> at::Tensor { throw std::runtime_error("half-way"); });
    EXPECT_THROW(hidden.matmul(model.parameters[2]).square().mean().backward(), std::runtime_error);
    EXPECT_TRUE(model.parameters[2].grad().defined());
    for (const at::Tensor& parameter : model.parameters) parameter.mutable_grad().reset();
    averaging.start_over();
    model.loss(own_inputs(group)).backward();
    expect_same_as_whole_batch(model, [](const Model& whole) { whole.loss(inputs()).backward(); });
    expect_same_on_every_rank(model, group);
  });
}

TEST_F(GradientAveragingTest, StopsWithItsLife) {
  run_ranks(2, folder_, [](ProcessGroup& group) {
    const Model model;
    { const GradientAveraging averaging(model.parameters, group, without_counting); }
    if (group.rank() == 0) model.loss(inputs()).backward();  // alone, without waiting for anybody
    group.largest({0});  // a rank that ends at once could be gone before the other has found it
  });
}

}  // namespace
}  // namespace timetrial
