// The submissions that look at more than the parameters' own point: where they run the model, what they let
// it do to the statistics of batch normalisation, which loss they report.

#include <gmock/gmock.h>

#include "harness/worker/trace_problem.h"
#include "submission_table.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

const Point& point_of(const std::string& library) {
  for (const SubmissionCase& submission : submission_cases()) {
    if (submission.library == library) return submission.point;
  }
  throw std::logic_error("no submission is called " + library);
}

struct Pass {
  at::Tensor first_parameter;
  bool update_batch_norm = false;
};

Pass pass_of(const TraceProblem& problem, const ForwardOptions& options) {
  return {problem.parameters[0].tensor.detach().clone(), options.update_batch_norm};
}

// Notes forward passes without gradients.
class RecordingModel : public Model {
 public:
  explicit RecordingModel(TraceProblem& problem) : problem_(problem) {}

  at::Tensor forward(const Batch& /*batch*/, const ForwardOptions& options) override {
    EXPECT_EQ(options.mode, ForwardMode::train);
    EXPECT_FALSE(at::GradMode::is_enabled());
    forward_passes.push_back(pass_of(problem_, options));
    return at::Tensor();
  }
  Loss loss(const Batch& /*batch*/, const at::Tensor& /*logits*/, const LossOptions& /*options*/) override {
    throw std::logic_error("no submission takes the loss itself");
  }
  LossType loss_type() const override { return LossType::mean_squared_error; }

  std::vector<Pass> forward_passes;

 private:
  TraceProblem& problem_;
};

class RecordingStep : public TraceStep {
 public:
  RecordingStep(TraceProblem& problem, int64_t index, RecordingModel& model)
      : TraceStep(problem, index), problem_(problem), model_(model) {}

  Model& model() override { return model_; }
  at::Tensor backward(const ForwardOptions& forward, const LossOptions& loss) override {
    backward_passes.push_back(pass_of(problem_, forward));
    losses.push_back(TraceStep::backward(forward, loss).item<double>());
    return at::full({}, losses.back(), at::kDouble);
  }
  void report_loss(const at::Tensor& loss) override { reported = loss.item<double>(); }

  std::vector<Pass> backward_passes;
  std::vector<double> losses;
  double reported = 0;

 private:
  TraceProblem& problem_;
  RecordingModel& model_;
};

std::vector<bool> updates_batch_norm(const std::vector<Pass>& passes) {
  std::vector<bool> updates;
  for (const Pass& pass : passes) updates.push_back(pass.update_batch_norm);
  return updates;
}

TEST(ScheduleFreeAdamw, RefreshesBatchNormAtTheEvaluatedPointEveryThirdStep) {
  auto problem = make_trace_problem("mlp", at::kDouble);
  problem->parameters[1].kind = ParameterKind::batch_norm_scale;
  TestedSubmission submission("schedule_free_adamw", point_of("schedule_free_adamw"), problem->parameters,
                              60);
  RecordingModel model(*problem);
  std::vector<at::Tensor> evaluated;
  for (int64_t index = 0; index < 7; ++index) {
    evaluated.push_back(problem->parameters[0].tensor.detach().clone());
    RecordingStep step(*problem, index, model);
    submission.update(step);
    EXPECT_THAT(updates_batch_norm(step.backward_passes), ElementsAre(false));
  }
  ASSERT_EQ(model.forward_passes.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(model.forward_passes[i].update_batch_norm);
    EXPECT_TRUE(model.forward_passes[i].first_parameter.equal(evaluated[3 * i])) << i;
  }
}

TEST(ScheduleFreeAdamw, IsNotCapturableWhereOnlySomeStepsRefreshBatchNorm) {
  auto problem = make_trace_problem("mlp", at::kDouble);
  problem->parameters[1].kind = ParameterKind::batch_norm_scale;
  TestedSubmission submission("schedule_free_adamw", point_of("schedule_free_adamw"), problem->parameters,
                              60);
  EXPECT_FALSE(submission.capturable());
}

TEST(ScheduleFreeAdamw, RunsNoExtraPassWithoutBatchNorm) {
  auto problem = make_trace_problem("mlp", at::kDouble);
  TestedSubmission submission("schedule_free_adamw", point_of("schedule_free_adamw"), problem->parameters,
                              60);
  RecordingModel model(*problem);
  RecordingStep step(*problem, 0, model);
  submission.update(step);
  EXPECT_TRUE(model.forward_passes.empty());
}

TEST(Sam, ClimbsByRhoAndKeepsBatchNormAndTheReportedLossOfItsOwnPoint) {
  auto problem = make_trace_problem("mlp", at::kDouble);
  Point point = point_of("sam");
  point["warmup_factor"] = 0.0;
  TestedSubmission submission("sam", point, problem->parameters, 60);
  RecordingModel model(*problem);
  RecordingStep step(*problem, 0, model);
  const double loss_before = problem->current_loss();
  const at::Tensor before = problem->parameters[0].tensor.detach().clone();
  submission.update(step);

  EXPECT_THAT(updates_batch_norm(step.backward_passes), ElementsAre(true, false));
  EXPECT_TRUE(step.backward_passes[0].first_parameter.equal(before));
  EXPECT_FALSE(step.backward_passes[1].first_parameter.equal(before));
  const double climbed = (step.backward_passes[1].first_parameter - before).norm().item<double>();
  EXPECT_LE(climbed, std::get<double>(point.at("rho")));
  EXPECT_GT(step.losses[1], step.losses[0]);
  EXPECT_EQ(step.reported, step.losses[0]);
  EXPECT_LT(problem->current_loss(), loss_before);
}

// The pass (0 or 1) in which the second parameter has no gradient.
class GradientInOnePass : public testing::TestWithParam<int> {};

TEST_P(GradientInOnePass, ClimbsAndUpdatesAParameterByThePassesThatItTakesPartIn) {
  const int without = GetParam();
  auto problem = make_trace_problem("quad", at::kDouble);
  const Point point = point_of("sam");
  TestedSubmission submission("sam", point, problem->parameters, 60);
  int pass = 0;
  at::Tensor at_second_pass;
  TraceStep step(*problem, 0, [&](const ParameterList& parameters) {
    if (pass == 1) at_second_pass = parameters[1].tensor.detach().clone();
    if (pass == without) parameters[1].tensor.mutable_grad().reset();
    ++pass;
  });
  const at::Tensor before = problem->parameters[1].tensor.detach().clone();
  submission.update(step);
  EXPECT_EQ(at_second_pass.equal(before), without == 0);                 // no gradient to climb along
  EXPECT_EQ(problem->parameters[1].tensor.equal(before), without == 1);  // none to update with
}

INSTANTIATE_TEST_SUITE_P(Sam, GradientInOnePass, testing::Values(0, 1));

}  // namespace
}  // namespace timetrial
