#pragma once

// The networks of the layout collection: blocks of the kinds that this program's workloads are made of, one
// after another. Images are [batch, channels, side, side], sequences [batch, length, width].

#include <cstdint>

#include "workloads/tpugraphs_layout/cpu_layout/layout_graph.h"

namespace timetrial {

struct ImageSizes {
  int64_t batch, channels, side, blocks;
};
struct SequenceSizes {
  int64_t batch, length, width, blocks;
};

// Two 3x3 convolutions, each scaled and shifted by channel, with a residual connection (imagenet_resnet,
// evaluation).
LayoutGraph residual_network(const ImageSizes& sizes);
// The same and back: the gradient for the input.
LayoutGraph residual_gradient(const ImageSizes& sizes);
// Depthwise 3x3 and 1x1 convolutions, each normalised by the batch's moments.
LayoutGraph separable_network(const ImageSizes& sizes);
// Attention of four heads behind a layer norm, then a perceptron behind another (imagenet_vit, wmt).
LayoutGraph attention_network(const SequenceSizes& sizes);
// Layer norm, perceptron with a gated activation, residual connection (finewebedu_lm).
LayoutGraph perceptron_network(const SequenceSizes& sizes);
// A perceptron without norms and back: the gradients for its weights and its input.
LayoutGraph perceptron_gradient(const SequenceSizes& sizes);

}  // namespace timetrial
