#pragma once

// A submission that does nothing, on data that is nothing: what is left is the harness. Its calls are those
// of an ordinary one: a batch, a backward pass.

#include "harness/worker/submission_library.h"
#include "harness/worker/training_session.h"

namespace timetrial {

class EmptySession {
 public:
  // `step_times` outlives the session.
  EmptySession(CallObserver& observer, StepTimes& step_times)
      : step_times_(step_times), submission_(table(), observer), queue_(step_times), current_(step_times) {}

  void advance(const StepSurroundings& /*surroundings*/) {
    {
      const InStepPart part(step_times_, StepPart::update);
      submission_.select_batch(queue_, batch_);
    }
    {
      const InStepPart part(step_times_, StepPart::update);
      submission_.update(current_);
    }
    ++step_;
  }
  int64_t step() const { return step_; }
  StepTimes& step_times() { return step_times_; }
  bool finished_by_submission() const { return false; }

 private:
  class EmptySubmission final : public Submission {
   public:
    void initialize(const Initialization& /*initialization*/) override {}
    void update(Step& step) override { step.backward(); }
    void save(State& /*state*/) const override {}
    void load(const State& /*state*/) override {}
  };

  class EmptyQueue final : public TrainingQueue {
   public:
    explicit EmptyQueue(StepTimes& times) : times_(times) {}
    Batch next() override {
      const InStepPart waiting(times_, StepPart::data_wait);
      return {};
    }

   private:
    StepTimes& times_;
  };

  class EmptyModel final : public Model {
   public:
    at::Tensor forward(const Batch& /*batch*/, const ForwardOptions& /*options*/) override { return {}; }
    Loss loss(const Batch& /*batch*/, const at::Tensor& /*logits*/, const LossOptions& /*options*/) override {
      return {};
    }
    LossType loss_type() const override { return LossType::mean_squared_error; }
  };

  class EmptyStep final : public Step {
   public:
    explicit EmptyStep(StepTimes& times) : times_(times) {}
    int64_t index() const override { return 0; }
    const Batch& batch() const override { return batch_; }
    Model& model() override { return model_; }
    ClockView clock() const override { return {}; }
    const std::vector<EvaluationResult>& evaluations() const override { return evaluations_; }
    at::Tensor backward(const ForwardOptions& /*forward*/, const LossOptions& /*loss*/) override {
      { const InStepPart forward(times_, StepPart::forward); }
      { const InStepPart backward(times_, StepPart::backward); }
      return {};
    }
    void report_loss(const at::Tensor& /*loss*/) override {}
    void finish_training() override {}

   private:
    StepTimes& times_;
    Batch batch_;
    EmptyModel model_;
    std::vector<EvaluationResult> evaluations_;
  };

  static const SubmissionTable& table() {
    static const SubmissionTable table = make_submission_table<EmptySubmission>();
    return table;
  }

  StepTimes& step_times_;
  LoadedSubmission submission_;
  EmptyQueue queue_;
  EmptyStep current_;
  Batch batch_;
  int64_t step_ = 0;
};

}  // namespace timetrial
