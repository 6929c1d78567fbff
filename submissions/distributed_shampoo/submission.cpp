// Distributed Shampoo with grafting, linear warm-up and cosine decay. Tensors that are too long to be
// preconditioned get the grafted Adam alone.

#include "timetrial/submission.h"

#include <algorithm>
#include <optional>

#include "shampoo.h"
#include "timetrial/gradients.h"
#include "timetrial/step_options.h"
#include "timetrial/tensor_partition.h"

namespace timetrial {
namespace {

class DistributedShampoo : public Submission {
 public:
  // As published; everywhere else the reference's own.
  int64_t batch_size(const WorkloadSummary& workload) override {
    if (workload.tier == "full" && workload.name == "librispeech_conformer") return 200;
    if (workload.tier == "full" && workload.name == "librispeech_deepspeech") return 224;
    return workload.default_batch_size;
  }

  void initialize(const Initialization& initialization) override {
    options_ = StepOptions::read(initialization.hyperparameters);
    const ShampooSettings settings = ShampooSettings::read(initialization);
    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      const at::IntArrayRef sizes = parameter.tensor.sizes();
      const bool is_long = std::any_of(sizes.begin(), sizes.end(),
                                       [&](int64_t size) { return size >= settings.graft_only_dim; });
      long_ones_.add(is_long);
    }
    auto [graft_only, preconditioned] = long_ones_.of(parameters_);
    ShampooSettings adam = settings;
    adam.grafting = Grafting::adam;
    shampoo_.emplace(std::move(preconditioned), settings, Shampoo::Preconditioning::on);
    graft_only_.emplace(std::move(graft_only), adam, Shampoo::Preconditioning::off);
  }

  void update(Step& step) override {
    step.backward(options_.forward, options_.loss);
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0) clip_gradients(gradients, options_.grad_clip);
    const auto [of_graft_only, of_preconditioned] = long_ones_.of(gradients);
    shampoo_->update(of_preconditioned, step.index());
    graft_only_->update(of_graft_only, step.index());
  }

  void save(State& state) const override {
    shampoo_->save(state, "preconditioned.");
    graft_only_->save(state, "graft_only.");
  }

  void load(const State& state) override {
    shampoo_->load(state, "preconditioned.");
    graft_only_->load(state, "graft_only.");
  }

 private:
  StepOptions options_;
  std::vector<at::Tensor> parameters_;
  TensorPartition long_ones_;
  std::optional<Shampoo> shampoo_;
  std::optional<Shampoo> graft_only_;
};

}  // namespace

TIMETRIAL_SUBMISSION(DistributedShampoo)

}  // namespace timetrial
