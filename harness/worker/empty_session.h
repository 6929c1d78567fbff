#pragma once

// A submission that does nothing, on data that is nothing: what is left is the harness.

#include "harness/worker/submission_library.h"
#include "harness/worker/training_session.h"

namespace timetrial {

class EmptySession {
 public:
  explicit EmptySession(CallObserver& observer) : submission_(table(), observer) {}

  void advance(const StepSurroundings& /*surroundings*/) {
    submission_.select_batch(queue_, batch_);
    submission_.update(current_);
    ++step_;
  }
  int64_t step() const { return step_; }
  bool finished_by_submission() const { return false; }

 private:
  class EmptySubmission final : public Submission {
   public:
    void initialize(const Initialization& /*initialization*/) override {}
    void update(Step& /*step*/) override {}
    void save(State& /*state*/) const override {}
    void load(const State& /*state*/) override {}
  };

  class EmptyQueue final : public TrainingQueue {
   public:
    Batch next() override { return {}; }
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
    int64_t index() const override { return 0; }
    const Batch& batch() const override { return batch_; }
    Model& model() override { return model_; }
    ClockView clock() const override { return {}; }
    const std::vector<EvaluationResult>& evaluations() const override { return evaluations_; }
    at::Tensor backward(const ForwardOptions& /*forward*/, const LossOptions& /*loss*/) override {
      return {};
    }
    void report_loss(const at::Tensor& /*loss*/) override {}
    void finish_training() override {}

   private:
    Batch batch_;
    EmptyModel model_;
    std::vector<EvaluationResult> evaluations_;
  };

  static const SubmissionTable& table() {
    static const SubmissionTable table = make_submission_table<EmptySubmission>();
    return table;
  }

  LoadedSubmission submission_;
  EmptyQueue queue_;
  EmptyStep current_;
  Batch batch_;
  int64_t step_ = 0;
};

}  // namespace timetrial
