// Graph Segment Training: what a step computes, what it takes from the table, and what it leaves there.

#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "mini_data.h"
#include "short_training.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/graph_partition/metis_parts.h"
#include "workloads/layers/segments.h"
#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/tpugraphs_layout/layout_fingerprint.h"
#include "workloads/tpugraphs_layout/residual_network.h"
#include "workloads/tpugraphs_layout/segment_batch.h"
#include "workloads/tpugraphs_layout/segment_history.h"
#include "workloads/tpugraphs_layout/segment_order.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;

const std::vector<uint32_t> kAll = {0, 1, 2, 3};

// A model with a table for the made-up programs, of seven and four nodes.
class GraphSegments : public testing::Test {
 protected:
  explicit GraphSegments(int64_t segment_nodes = 3)
      : programs_(made_up_programs(segment_nodes)),
        rows_(programs_),
        network_(ResidualConfig(), at::kDouble, at::make_generator<at::CPUGeneratorImpl>(4)),
        history_(rows_.count(), at::kDouble) {}

  at::Tensor fresh_scores(const Batch& batch) const {
    return segment_sum(network_.forward(batch), {batch.at("piece_program"), {}, batch.at("piece_offsets")});
  }

  // The sum over all segments, each computed.
  at::Tensor whole_scores() const {
    std::vector<ChosenProgram> chosen;
    for (size_t i = 0; i < programs_.size(); ++i)
      chosen.push_back({&programs_[i], kAll, programs_[i].segments});
    return fresh_scores(layout_batch(chosen));
  }

  // Computes every segment once.
  void fill_table() {
    const at::NoGradGuard no_grad;
    for (size_t program = 0; program < programs_.size(); ++program) {
      const int64_t segments = std::ssize(programs_[program].segments);
      for (int64_t s = 0; s < segments; ++s) {
        const std::vector<ChosenSegment> chosen = {{program, kAll, {s, std::vector<bool>(7)}}};
        const Batch batch = segment_batch(programs_, rows_, chosen, 0, 1);
        history_.store(batch, fresh_scores(batch));
      }
    }
  }

  std::vector<MeasuredProgram> programs_;
  HistoryRows rows_;
  ResidualNetwork network_;
  SegmentHistory history_;
};

TEST_F(GraphSegments, HaveARowForEveryProgramConfigurationAndSegment) {
  ASSERT_EQ(programs_[0].segments.size(), 3U);
  ASSERT_EQ(programs_[1].segments.size(), 2U);
  EXPECT_EQ(rows_.count(), 4 * 3 + 4 * 2);
  std::set<int64_t> rows;
  for (size_t program = 0; program < 2; ++program) {
    for (const uint32_t configuration : kAll) {
      for (int64_t s = 0; s < std::ssize(programs_[program].segments); ++s)
        rows.insert(rows_.row(program, configuration, s));
    }
  }
  EXPECT_EQ(std::ssize(rows), rows_.count());
  EXPECT_EQ(*rows.rbegin(), rows_.count() - 1);
}

TEST_F(GraphSegments, AddressTheTableByEachProgramsOwnConfigurations) {
  const std::vector<ChosenSegment> chosen = {{0, {3, 1}, {2, {true, false, true}}},
                                             {1, {0, 2}, {0, {true, true}}}};
  const Batch batch = segment_batch(programs_, rows_, chosen, 0, 2);
  const auto row = [&](size_t program, uint32_t configuration, int64_t segment) {
    return rows_.row(program, configuration, segment);
  };
  EXPECT_TRUE(at::equal(batch.at("fresh_rows"),
                        torch::tensor({{row(0, 3, 2), row(0, 1, 2)}, {row(1, 0, 0), row(1, 2, 0)}})));
  EXPECT_TRUE(at::equal(batch.at("stale_rows"), torch::tensor({{row(0, 3, 0), row(0, 1, 0)},
                                                               {row(0, 3, 1), row(0, 1, 1)},
                                                               {row(1, 0, 1), row(1, 2, 1)}})));
  EXPECT_TRUE(at::equal(batch.at("stale_weights"), torch::tensor({{1.0F}, {0.0F}, {1.0F}})));
  EXPECT_TRUE(at::equal(batch.at("fresh_weights"), torch::tensor({{2.0F}, {1.5F}}))) << "(J + 1) / 2";
}

TEST_F(GraphSegments, ComputeNoMoreNodesThanASegmentHas) {
  for (int64_t epoch = 0; epoch < 20; ++epoch) {
    std::vector<ChosenSegment> chosen;
    for (size_t i = 0; i < 2; ++i)
      chosen.push_back(
          {i, kAll, draw_segment(std::ssize(programs_[i].segments), 1, epoch, static_cast<int64_t>(i))});
    const Batch batch = segment_batch(programs_, rows_, chosen, 0, 2);
    EXPECT_LE(batch.at("opcodes").size(0), 2 * 3);
  }
}

TEST_F(GraphSegments, OfOneSegmentAreTrainingOnWholeGraphs) {
  const std::vector<MeasuredProgram> uncut = made_up_programs();
  const HistoryRows whole(uncut);
  SegmentHistory history(whole.count(), at::kDouble);
  std::vector<ChosenProgram> plain;
  std::vector<ChosenSegment> chosen;
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(uncut[i].segments.size(), 1U);
    plain.push_back({&uncut[i], kAll, uncut[i].segments});
    chosen.push_back({i, kAll, draw_segment(1, 9, 9, 9)});
  }
  const Batch batch = segment_batch(uncut, whole, chosen, 0, 2);
  const at::Tensor estimated = history.estimate(batch, fresh_scores(batch));
  const at::Tensor expected = fresh_scores(layout_batch(plain));
  EXPECT_TRUE(at::equal(estimated, expected));
  const auto gradient_of = [&](const at::Tensor& scores) {
    return torch::autograd::grad({scores.square().sum()}, network_.parameters());
  };
  const auto left = gradient_of(estimated), right = gradient_of(expected);
  for (size_t i = 0; i < left.size(); ++i) EXPECT_TRUE(at::equal(left[i], right[i]));
}

TEST_F(GraphSegments, EstimateTheWholeWithoutBias) {
  fill_table();
  const at::NoGradGuard no_grad;
  const at::Tensor expected = whole_scores();
  for (size_t program = 0; program < 2; ++program) {
    const int64_t segments = std::ssize(programs_[program].segments);
    at::Tensor sum = torch::zeros({1, 4}, at::kDouble);
    // Every draw there is: they are equally likely.
    for (int64_t fresh = 0; fresh < segments; ++fresh) {
      for (int mask = 0; mask < 1 << segments; ++mask) {
        SegmentDraw draw{fresh, {}};
        for (int64_t s = 0; s < segments; ++s) draw.kept.push_back((mask >> s & 1) != 0);
        const std::vector<ChosenSegment> chosen = {{program, kAll, draw}};
        const Batch batch = segment_batch(programs_, rows_, chosen, 0, 1);
        sum += history_.estimate(batch, fresh_scores(batch));
      }
    }
    const at::Tensor mean = sum / static_cast<double>(segments << segments);
    EXPECT_TRUE(at::allclose(mean.squeeze(0), expected[static_cast<int64_t>(program)], 1e-10, 1e-12));
  }
}

TEST_F(GraphSegments, TrainOnlyWhatIsComputed) {
  fill_table();
  const std::vector<ChosenSegment> chosen = {{0, kAll, {1, {true, true, true}}}};
  const Batch batch = segment_batch(programs_, rows_, chosen, 0, 1);
  const at::Tensor fresh = fresh_scores(batch);
  const at::Tensor estimated = history_.estimate(batch, fresh);
  const auto gradient = torch::autograd::grad({estimated.sum()}, {fresh}).front();
  EXPECT_TRUE(gradient.eq(2).all().item<bool>()) << "(J + 1) / 2";
  EXPECT_FALSE(history_.table().requires_grad());
}

TEST_F(GraphSegments, KeepWhatAllRanksComputed) {
  const std::vector<ChosenSegment> chosen = {{0, {3, 1}, {2, {true, true, true}}},
                                             {1, {0, 2}, {1, {true, true}}}};
  // The second program alone is this rank's; the other rank's rows are its zeros here.
  const Batch batch = segment_batch(programs_, rows_, chosen, 1, 1);
  EXPECT_EQ(batch.examples, 1);
  history_.store(batch, torch::tensor({{5.0, 7.0}}, at::kDouble));
  EXPECT_EQ(history_.table()[rows_.row(1, 0, 1)].item<double>(), 5);
  EXPECT_EQ(history_.table()[rows_.row(1, 2, 1)].item<double>(), 7);
  EXPECT_EQ(history_.table().count_nonzero().item<int64_t>(), 2);
}

TEST(DrawSegment, IsUniformAndFollowsFromSeedEpochAndProgram) {
  std::map<int64_t, int> fresh;
  int kept = 0;
  constexpr int kDraws = 4000;
  for (int epoch = 0; epoch < kDraws; ++epoch) {
    const SegmentDraw draw = draw_segment(4, 1, epoch, 2);
    ++fresh[draw.fresh];
    kept += draw.kept.at(3);
  }
  for (const auto& [segment, count] : fresh) EXPECT_NEAR(count, kDraws / 4, 150) << segment;
  EXPECT_NEAR(kept, kDraws / 2, 150);
  EXPECT_EQ(fresh.size(), 4U);
  EXPECT_EQ(draw_segment(40, 1, 2, 3).kept, draw_segment(40, 1, 2, 3).kept);
  EXPECT_NE(draw_segment(40, 1, 2, 3).kept, draw_segment(40, 1, 2, 4).kept);
}

TEST_F(GraphSegments, MayBeAnyNodes) {
  // Segments of nodes 0, 3 and 6, of 1 and 4, of 2 and 5.
  const std::vector<int32_t> segment_of_node = {0, 1, 2, 0, 1, 2, 0};
  const MeasuredProgram before = made_up_programs().front();
  MeasuredProgram program = before;
  order_by_segment(program, segment_of_node);
  EXPECT_THAT(program.segments, ElementsAre(NodeRange{0, 3}, NodeRange{3, 5}, NodeRange{5, 7}));
  const std::vector<int32_t> old = {0, 3, 6, 1, 4, 2, 5};
  for (size_t i = 0; i < old.size(); ++i) {
    EXPECT_EQ(program.graph.opcodes[i], before.graph.opcodes[static_cast<size_t>(old[i])]) << i;
    EXPECT_EQ(program.graph.features[i * kNodeFeatures + 5],
              before.graph.features[static_cast<size_t>(old[i]) * kNodeFeatures + 5]);
  }
  EXPECT_THAT(program.configurable, ElementsAre(2, 3, 4)) << "which were 6, 1 and 4";
  // The same graph in another order has the same scores.
  const auto score = [&](const MeasuredProgram& of) {
    const ChosenProgram whole{&of, kAll, contiguous_segments(of.graph.nodes(), 0)};
    return fresh_scores(layout_batch({&whole, 1}));
  };
  EXPECT_TRUE(at::allclose(score(program), score(before), 1e-10, 1e-12));
  // Cut, it has other edges.
  const ChosenProgram cut{&program, kAll, program.segments};
  EXPECT_FALSE(at::allclose(fresh_scores(layout_batch({&cut, 1})), score(before), 1e-3));
}

class SegmentVariant : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "segments_metis" && !has_metis())
      GTEST_SKIP() << "this build has no METIS (libmetis-dev)";
  }

  static WorkloadOptions options() {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.variant = GetParam();
    options.data_directory = mini_data_directory("tpugraphs_layout");
    options.evaluation_batch_size = 64;
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(Cuts, SegmentVariant, testing::Values("segments_contiguous", "segments_metis"),
                         [](const auto& cut) { return cut.param; });

TEST_P(SegmentVariant, ChangesItsTableOnlyWhereStatisticsWouldChange) {
  const auto workload = make_workload("tpugraphs_layout", options());
  workload->build_fingerprint_model(at::kDouble);
  const auto buffers = workload->model().named_buffers();
  ASSERT_EQ(buffers.size(), 1U) << "what a checkpoint holds";
  const at::Tensor table = buffers["history.table"];
  const Batch batch = workload->fingerprint_cases().front().batch;
  workload->forward(batch, {ForwardMode::evaluate, true, std::nullopt});
  workload->forward(batch, {ForwardMode::train, false, std::nullopt});
  EXPECT_EQ(table.count_nonzero().item<int64_t>(), 0);
  const at::Tensor first = workload->forward(batch, {});
  EXPECT_EQ(table.count_nonzero().item<int64_t>(), batch.at("fresh_rows").numel());
  EXPECT_TRUE(at::equal(first, workload->forward(batch, {}))) << "a step does not see its own scores";
}

TEST_P(SegmentVariant, TrainsTheSameWhateverTheLoaderAndAfterAnInterruption) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_layout");
  constexpr double kSmallRate = 1e-6;  // layouts come times 100
  const auto reference = short_training("tpugraphs_layout", options(), 1, -1, kSmallRate);
  const auto resumed = short_training("tpugraphs_layout", options(), 3, 5, kSmallRate);
  expect_same_training(*reference, *resumed);
  EXPECT_TRUE(at::equal(reference->model().named_buffers()["history.table"],
                        resumed->model().named_buffers()["history.table"]));
}

TEST_P(SegmentVariant, ComputesFewerNodesThanWholeGraphs) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_layout");
  const auto workload = make_workload("tpugraphs_layout", options());
  const auto source = workload->training_data(8, 1);
  for (int i = 0; i < 10; ++i) EXPECT_LE(source->next_task()().at("opcodes").size(0), 8 * 64);
}

TEST_P(SegmentVariant, OfAnotherCutIsAnotherDataSet) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_layout");
  const std::string id = make_workload("tpugraphs_layout", options())->data_set_id();
  EXPECT_EQ(id.find("-metis-") != std::string::npos, GetParam() == "segments_metis") << id;
}

}  // namespace
}  // namespace timetrial
