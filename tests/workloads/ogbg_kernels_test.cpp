// The segment operations and the fused edge normalisation against the same made of ATen operations, in value
// and in first and second derivatives.

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "random_graphs.h"
#include "workloads/layers/segments.h"
#include "workloads/ogbg/edge_norm.h"

namespace timetrial {
namespace {

struct Topology {
  Segments by_sender, by_receiver, by_graph;
};

// 3 graphs of 6 nodes, some without an edge.
Topology topology(int64_t edges = 9) {
  const GraphList graphs = random_graphs(3, 6, edges, 5);
  Batch batch = graph_batch(graphs);
  if (!batch.has("receiver_order")) batch.tensors["receiver_order"] = at::Tensor();  // none without edges
  return {{batch.at("senders"), batch.at("sender_order"), batch.at("sender_offsets")},
          {batch.at("receivers"), batch.at("receiver_order"), batch.at("receiver_offsets")},
          {batch.at("node_graph"), {}, batch.at("node_offsets")}};
}

at::Tensor values(at::IntArrayRef shape, at::ScalarType dtype = at::kDouble) {
  return torch::randn(shape, dtype).set_requires_grad(true);
}

class OgbgKernels : public testing::Test {
 protected:
  OgbgKernels() { torch::manual_seed(3); }
};

TEST_F(OgbgKernels, SegmentSumIsAScatterOfTheRows) {
  const Topology graph = topology();
  const at::Tensor rows = values({27, 5});
  for (const Segments& segments : {graph.by_sender, graph.by_receiver}) {
    const at::Tensor expected = torch::zeros({18, 5}, at::kDouble).index_add(0, segments.index, rows);
    EXPECT_TRUE(at::allclose(segment_sum(rows, segments), expected, 1e-14, 1e-14));
    EXPECT_TRUE(at::allclose(segment_sum_composed(rows.detach(), segments), expected, 1e-14, 1e-14));
  }
  EXPECT_EQ(topology().by_sender.offsets.diff().eq(0).any().item<bool>(), true);  // there are empty segments
}

TEST_F(OgbgKernels, GatherCopiesRows) {
  const Topology graph = topology();
  const at::Tensor nodes = values({18, 5});
  EXPECT_TRUE(at::equal(gather_rows(nodes, graph.by_sender), nodes.index_select(0, graph.by_sender.index)));
}

TEST_F(OgbgKernels, FirstAndSecondDerivativesOfSumAndGather) {
  const Topology graph = topology();
  const at::Tensor nodes = values({18, 5});
  const at::Tensor weight = values({18, 5});
  const auto second = [&](const at::Tensor& result) {
    const auto first = torch::autograd::grad({(result.pow(3) * weight).sum()}, {nodes}, {}, true, true);
    return torch::autograd::grad({first[0].pow(2).sum()}, {nodes})[0];
  };
  const at::Tensor ours = second(segment_sum(gather_rows(nodes, graph.by_sender), graph.by_receiver));
  const at::Tensor plain =
      second(torch::zeros({18, 5}, at::kDouble)
                 .index_add(0, graph.by_receiver.index, nodes.index_select(0, graph.by_sender.index)));
  EXPECT_GT(plain.abs().max().item<double>(), 0);
  EXPECT_TRUE(at::allclose(ours, plain, 1e-10, 1e-10));
}

struct EdgeNormCase {
  explicit EdgeNormCase(int64_t edges, int64_t width, at::ScalarType dtype)
      : graph(topology(edges)),
        inputs({values({3 * edges, width}, dtype), values({18, width}, dtype), values({18, width}, dtype),
                values({width}, dtype), values({width}, dtype)}) {}

  template <typename Function>
  at::Tensor apply(Function&& function, bool relu) const {
    return function(inputs[0], inputs[1], inputs[2], graph.by_sender, graph.by_receiver, inputs[3], inputs[4],
                    EdgeNormOptions{1e-6, relu});
  }

  Topology graph;
  std::vector<at::Tensor> inputs;
};

// Widths with and without a remainder of vector lanes; more rows than one block of the backward pass.
TEST_F(OgbgKernels, FusedEdgeNormIsTheComposedOne) {
  for (const auto& [edges, width] : {std::pair<int64_t, int64_t>{9, 13}, {100, 32}, {0, 8}}) {
    for (const bool relu : {false, true}) {
      SCOPED_TRACE(std::to_string(edges) + " edges, width " + std::to_string(width) + (relu ? ", relu" : ""));
      const EdgeNormCase example(edges, width, at::kDouble);
      const at::Tensor fused = example.apply(edge_norm, relu);
      const at::Tensor composed = example.apply(edge_norm_composed, relu);
      EXPECT_TRUE(at::allclose(fused, composed, 1e-12, 1e-12));
      const at::Tensor direction = torch::randn_like(fused);
      const auto ours = torch::autograd::grad({fused}, example.inputs, {direction});
      const auto plain = torch::autograd::grad({composed}, example.inputs, {direction});
      for (size_t i = 0; i < plain.size(); ++i)
        EXPECT_TRUE(at::allclose(ours[i], plain[i], 1e-10, 1e-10)) << i;
    }
  }
}

TEST_F(OgbgKernels, FusedEdgeNormInFloat) {
  const EdgeNormCase example(100, 32, at::kFloat);
  EXPECT_TRUE(
      at::allclose(example.apply(edge_norm, true), example.apply(edge_norm_composed, true), 1e-5, 1e-5));
}

TEST_F(OgbgKernels, FusedEdgeNormHasSecondDerivatives) {
  const EdgeNormCase example(9, 13, at::kDouble);
  const auto second = [&](const at::Tensor& result) {
    const auto first = torch::autograd::grad({result.pow(2).sum()}, example.inputs, {}, true, true);
    at::Tensor sum = torch::zeros({}, at::kDouble);
    for (const at::Tensor& gradient : first) sum = sum + gradient.pow(2).sum();
    return torch::autograd::grad({sum}, example.inputs);
  };
  const auto ours = second(example.apply(edge_norm, true));
  const auto plain = second(example.apply(edge_norm_composed, true));
  for (size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(at::allclose(ours[i], plain[i], 1e-8, 1e-8)) << i;
}

TEST_F(OgbgKernels, NotANumberStaysVisible) {
  const EdgeNormCase example(9, 13, at::kFloat);
  const at::NoGradGuard no_grad;
  example.inputs[0][4][2] = NAN;
  EXPECT_TRUE(example.apply(edge_norm, true)[4].isnan().all().item<bool>());
}

}  // namespace
}  // namespace timetrial
