#pragma once

#include "momentum_aten.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

template <MomentumKind kind>
class MomentumSubmission : public ElementwiseSubmission<Momentum<kind>> {
 protected:
  void require_path_for(at::Device /*device*/) const override {}

  void update_elsewhere(const std::vector<at::Tensor>& gradients) override {
    update_with_aten(this->algorithm(), kind, this->options().grad_clip,
                     {this->parameters(), this->state(0), this->steps()}, gradients);
  }
};

}  // namespace timetrial
