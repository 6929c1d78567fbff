// Sharpness-aware minimisation on AdamW, with linear warm-up and cosine decay. Two passes a step.

#include <optional>

#include "sam.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

SamAdamw::SamAdamw(const Initialization& initialization)
    : Adamw(initialization), rho(not_negative(initialization.hyperparameters, "rho", 0.05)) {}

namespace {

class Sam : public ElementwiseSubmission<SamAdamw> {
 public:
  void initialize(const Initialization& initialization) override {
    ElementwiseSubmission::initialize(initialization);
    at::NoGradGuard no_grad;
    ascent_.emplace(parameters(), std::vector<std::vector<at::Tensor>>{origins()});
    ascent_scalars_ = at::zeros({Ascent<float>::kScalars},
                                at::TensorOptions().dtype(at::kDouble).device(initialization.device));
    ascent_scalars_[Ascent<float>::kRho].fill_(algorithm().rho);
  }

 protected:
  void take_gradients(Step& step) override {
    const at::Tensor loss = step.backward(options().forward, options().loss);
    const std::vector<at::Tensor> followed = climb();
    ForwardOptions second = options().forward;
    second.update_batch_norm = false;  // the statistics belong to the parameters, not to the point above them
    step.backward(second, options().loss);
    step.report_loss(loss);  // in place of the second pass's, which is higher by design
    settle_parameters_of_one_pass(followed);
  }

 private:
  const std::vector<at::Tensor>& origins() const { return state(2); }

  // Returns the gradients it followed; parameters whose entry is undefined stayed.
  std::vector<at::Tensor> climb() {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients = gradients_of(parameters());
    ascent_->scan(gradients, ascent_scalars_);
    ascent_->apply<Ascent>(gradients, ascent_scalars_);
    return gradients;
  }

  // The update begins at the origin of a parameter and skips those without a gradient of the second pass.
  void settle_parameters_of_one_pass(const std::vector<at::Tensor>& followed) {
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters().size(); ++i) {
      const bool climbed = followed[i].defined();
      const bool is_updated = parameters()[i].grad().defined();
      if (is_updated && !climbed) origins()[i].copy_(parameters()[i]);
      if (climbed && !is_updated) parameters()[i].copy_(origins()[i]);
    }
  }

  std::optional<ElementwiseUpdate> ascent_;
  at::Tensor ascent_scalars_;
};

}  // namespace

TIMETRIAL_SUBMISSION(Sam)

}  // namespace timetrial
