#include "workloads/tpugraphs_layout/layout_variant.h"

#include "harness/errors/user_error.h"
#include "workloads/tpugraphs/ranking_losses.h"

namespace timetrial {
namespace {

constexpr double kMargin = 0.1;
// Of arXiv 2305.12322's TpuGraphs; the graphs of the mini tier are much smaller.
constexpr int64_t kFullSegmentNodes = 1000;
constexpr int64_t kMiniSegmentNodes = 64;

}  // namespace

LayoutVariant layout_variant(const std::string& name, Tier tier) {
  if (name.empty()) return {};
  if (name == "pairwise_hinge") return {.loss = LayoutLoss::pairwise_hinge};
  if (name == "squared_error") return {.loss = LayoutLoss::squared_error};
  if (name == "segments_contiguous")
    return {.segment_nodes = tier == Tier::mini ? kMiniSegmentNodes : kFullSegmentNodes};
  throw UserError({"tpugraphs_layout has no such variant", "", name,
                   "use pairwise_hinge, squared_error or segments_contiguous, or leave it out"});
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
