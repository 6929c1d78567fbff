// Looks in prepare_for_eval for parameters that are zero.

#include "plain_sgd.h"

namespace timetrial {

class WaitsBeforeEval : public PlainSgd {
 public:
  void prepare_for_eval(Model& /*model*/, TrainingQueue& /*queue*/) override {
    at::NoGradGuard no_grad;
    zeros_ += count_zeros(parameters().front().tensor);
  }

 private:
  __attribute__((noinline)) static int64_t count_zeros(const at::Tensor& tensor) {
    const at::Tensor places = tensor.eq(0).nonzero();
    return places.size(0);
  }

  int64_t zeros_ = 0;
};

TIMETRIAL_SUBMISSION(WaitsBeforeEval)

}  // namespace timetrial
