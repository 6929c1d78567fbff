#include "workloads/tpugraphs_layout/layout_variant.h"

#include "harness/errors/user_error.h"
#include "workloads/tpugraphs/ranking_losses.h"

namespace timetrial {
namespace {

constexpr double kMargin = 0.1;

}  // namespace

LayoutVariant layout_variant(const std::string& name, Tier tier) {
  if (name.empty()) return {};
  if (name == "pairwise_hinge") return {.loss = LayoutLoss::pairwise_hinge};
  if (name == "squared_error") return {.loss = LayoutLoss::squared_error};
  const int64_t most_nodes = tier == Tier::mini ? kMiniSegmentNodes : kFullSegmentNodes;
  if (name == "segments_contiguous") return {.segmentation = {SegmentCut::contiguous, most_nodes}};
  if (name == "segments_metis") return {.segmentation = {SegmentCut::metis, most_nodes}};
  throw UserError(
      {"tpugraphs_layout has no such variant", "", name,
       "use pairwise_hinge, squared_error, segments_contiguous or segments_metis, or leave it out"});
}

at::Tensor layout_losses(LayoutLoss loss, const at::Tensor& scores, const at::Tensor& times) {
  switch (loss) {
    case LayoutLoss::pairwise_hinge:
      return pairwise_hinge(scores, times, kMargin);
    case LayoutLoss::squared_error:
      return mean_squared_time_error(scores, times);
    case LayoutLoss::list_mle:
      break;
  }
  return list_mle(scores, times, /*temperature=*/1);
}

}  // namespace timetrial
