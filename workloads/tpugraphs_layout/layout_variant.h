#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "workloads/tpugraphs_layout/segmentation.h"
#include "workloads/workload.h"

namespace timetrial {

enum class LayoutLoss { list_mle, pairwise_hinge, squared_error };

// What tells the variants of tpugraphs_layout apart.
struct LayoutVariant {
  LayoutLoss loss = LayoutLoss::list_mle;
  Segmentation segmentation{};

  // Graph Segment Training.
  bool trains_segments() const { return segmentation.cut != SegmentCut::none; }
};

// "", "pairwise_hinge", "squared_error", "segments_contiguous", "segments_metis". Throws UserError for
// another.
LayoutVariant layout_variant(const std::string& name, Tier tier);

// Scores and times [lists, configurations] -> [lists].
at::Tensor layout_losses(LayoutLoss loss, const at::Tensor& scores, const at::Tensor& times);

}  // namespace timetrial
