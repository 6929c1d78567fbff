// Segments that METIS cuts: when data are prepared, and what becomes of them.

#include "workloads/tpugraphs_layout/metis_segments.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "edges_between_segments.h"
#include "expect_user_error.h"
#include "workloads/graph_partition/metis_parts.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs_layout/layout_programs.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const PreparationProgress kSilent = [](auto&&...) {};

// The mini data set, which is part of the program.
class MetisSegments : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_metis()) GTEST_SKIP() << "this build has no METIS (libmetis-dev)";
    preparation_->make_mini(data_set_, temporary_.path(), kSilent);
  }

  std::vector<MeasuredProgram> training_programs(SegmentCut cut) const {
    return read_layout_programs(data_set_, LayoutSplits::train, true, {cut, kMiniSegmentNodes}).train;
  }

  TemporaryFolder temporary_;
  std::filesystem::path data_set_ = temporary_.path() / "mini";
  std::unique_ptr<DataPreparation> preparation_ = make_preparation("tpugraphs_layout");
};

TEST_F(MetisSegments, HoldAllNodesFewInEachAndFewEdgesBetween) {
  const auto by_metis = training_programs(SegmentCut::metis),
             ranges = training_programs(SegmentCut::contiguous);
  int64_t cut = 0, cut_by_ranges = 0;
  for (size_t i = 0; i < by_metis.size(); ++i) {
    int64_t next = 0;
    for (const NodeRange& range : by_metis[i].segments) {
      EXPECT_EQ(range.begin, next);
      EXPECT_GT(range.end, range.begin);
      EXPECT_LE(range.end - range.begin, kMiniSegmentNodes);
      next = range.end;
    }
    EXPECT_EQ(next, by_metis[i].graph.nodes());
    cut += edges_between_segments(by_metis[i]);
    cut_by_ranges += edges_between_segments(ranges[i]);
  }
  EXPECT_LT(cut, cut_by_ranges);
  RecordProperty("edges_between_segments", static_cast<int>(cut));
  RecordProperty("edges_between_ranges", static_cast<int>(cut_by_ranges));
}

TEST_F(MetisSegments, AreTheSameEveryTime) {
  for (const MeasuredProgram& program : training_programs(SegmentCut::none))
    EXPECT_EQ(metis_segments(program.graph, 64), metis_segments(program.graph, 64)) << program.name;
}

TEST_F(MetisSegments, OfOneAreTheWhole) {
  const ProgramGraph graph = training_programs(SegmentCut::none).front().graph;
  EXPECT_THAT(metis_segments(graph, graph.nodes()), Each(0));
  EXPECT_THAT(metis_segments(ProgramGraph(), 64), ElementsAre());
}

TEST_F(MetisSegments, AreAddedToADataSetWithoutThem) {
  const std::string id = metis_segments_id(data_set_);
  std::filesystem::remove(data_set_ / "metis_train.npz");
  EXPECT_FALSE(has_metis_segments(data_set_));
  EXPECT_THAT(user_error_of([&] { training_programs(SegmentCut::metis); }),
              AllOf(HasSubstr("metis_train.npz"), HasSubstr("timetrial prepare tpugraphs_layout")));
  EXPECT_THAT(user_error_of([&] { metis_segments_id(data_set_); }), HasSubstr("timetrial prepare"));
  preparation_->complete_mini(data_set_);
  EXPECT_TRUE(has_metis_segments(data_set_));
  EXPECT_EQ(metis_segments_id(data_set_), id);
}

TEST_F(MetisSegments, AreNotWrittenAgain) {
  const auto written = std::filesystem::last_write_time(data_set_ / "metis_valid.npz");
  preparation_->complete_mini(data_set_);
  EXPECT_EQ(std::filesystem::last_write_time(data_set_ / "metis_valid.npz"), written);
}

TEST_F(MetisSegments, OfOtherProgramsAreRefused) {
  const std::string name = training_programs(SegmentCut::none).front().name;
  const auto refused = [&](const std::string& program, const std::vector<int32_t>& segments) {
    NpzWriter writer(data_set_ / "metis_train.npz");
    writer.add(program, {std::ssize(segments)}, segments);
    writer.finish();
    EXPECT_FALSE(has_metis_segments(data_set_));
    return user_error_of([&] { training_programs(SegmentCut::metis); });
  };
  EXPECT_THAT(refused("another", {0}), AllOf(HasSubstr("no segments of this program"), HasSubstr(name)));
  EXPECT_THAT(refused(name, {0, 1}), AllOf(HasSubstr("not the segments of this program"), HasSubstr(name)));
  const auto nodes = static_cast<size_t>(training_programs(SegmentCut::none).front().graph.nodes());
  EXPECT_THAT(refused(name, std::vector<int32_t>(nodes, -1)), HasSubstr("not the segments of this program"));
}

}  // namespace
}  // namespace timetrial
