// Sharpness-aware minimisation on AdamW, with linear warm-up and cosine decay. Two passes a step.

#include <optional>

#include <ATen/ops/_foreach_copy.h>
#include <ATen/ops/empty_like.h>

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
    for (const at::Tensor& parameter : parameters()) origins_.push_back(at::empty_like(parameter));
    ascent_.emplace(parameters(), std::vector<std::vector<at::Tensor>>{origins_});
    ascent_scalars_ = at::zeros({2}, at::kDouble);
  }

 protected:
  void take_gradients(Step& step) override {
    const at::Tensor loss = step.backward(options().forward, options().loss);
    const std::vector<at::Tensor> moved = climb();
    ForwardOptions second = options().forward;
    second.update_batch_norm = false;  // the statistics belong to the parameters, not to the point above them
    step.backward(second, options().loss);
    step.report_loss(loss);  // in place of the second pass's, which is higher by design
    return_to_origin(moved);
  }

 private:
  // Returns the gradients it followed; undefined entries mark parameters that stayed.
  std::vector<at::Tensor> climb() {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients = gradients_of(parameters());
    scan_gradients(ascent_->chunks(), gradients, ascent_scalars_);
    auto* values = ascent_scalars_.mutable_data_ptr<double>();
    const double norm = std::sqrt(values[kSquaredNorm]);
    values[0] = norm != 0 ? algorithm().rho / norm : 0.0;
    ascent_->apply<Ascent>(gradients, ascent_scalars_);
    return gradients;
  }

  void return_to_origin(const std::vector<at::Tensor>& moved) {
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> destinations = where_defined(parameters(), moved);
    if (!destinations.empty()) at::_foreach_copy_(destinations, where_defined(origins_, moved));
  }

  std::vector<at::Tensor> origins_;  // meaningful between the two passes only
  std::optional<ElementwiseUpdate> ascent_;
  at::Tensor ascent_scalars_;  // results of the scan; then the factor of Ascent in the first place
};

}  // namespace

TIMETRIAL_SUBMISSION(Sam)

}  // namespace timetrial
