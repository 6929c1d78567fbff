#include "adamw_rule.h"
#include "paths.h"
#include "scalars.h"
#include "timetrial/gradient_scan.h"

namespace timetrial {

void update_fused(const AdamwSettings& settings, const ElementwiseUpdate& engine, const AdamwTensors& tensors,
                  const std::vector<at::Tensor>& gradients) {
  scan_gradients(engine.chunks(), gradients, tensors.scalars);
  prepare_scalars(settings, tensors.scalars);
  engine.apply<AdamwRule>(gradients, tensors.scalars);
  count_step(tensors.scalars);
}

}  // namespace timetrial
