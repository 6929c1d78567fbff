// Files of the layout collections: as they should be, and hostile ones.

#include "workloads/tpugraphs_layout/layout_file.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs_layout/layout_manifest.h"
#include "workloads/tpugraphs_layout/layout_programs.h"
#include "workloads/tpugraphs_layout/node_ranges.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;

constexpr auto kValues = static_cast<int64_t>(kLayoutConfigurationValues);

// A program of three nodes, two of them configurable, and two configurations, as a test wants it.
struct MadeUpProgram {
  std::vector<int64_t> opcodes = {63, 98, 2};
  std::vector<int64_t> edges = {1, 0, 2, 1};
  std::vector<int32_t> configurable = {2, 0};
  std::vector<int64_t> runtimes = {100, 300};
  std::vector<int64_t> splits = {0, 2};
  std::vector<int64_t> layouts_shape = {2, 2, kValues};
  std::vector<float> layouts = std::vector<float>(2 * 2 * kLayoutConfigurationValues, -1);
  std::vector<double> resolution = {};
  float feature = 2;

  void write(const std::filesystem::path& file) const {
    const int64_t nodes = std::ssize(opcodes);
    NpzWriter writer(file);
    writer.add("node_feat", {nodes, kNodeFeatures},
               std::vector<float>(static_cast<size_t>(nodes * kNodeFeatures), feature));
    writer.add("node_opcode", {nodes}, opcodes);
    writer.add("edge_index", {std::ssize(edges) / 2, 2}, edges);
    writer.add("node_config_ids", {std::ssize(configurable)}, configurable);
    writer.add("node_config_feat", layouts_shape, layouts);
    writer.add("config_runtime", {std::ssize(runtimes)}, runtimes);
    if (!splits.empty()) writer.add("node_splits", {1, std::ssize(splits)}, splits);
    if (!resolution.empty()) writer.add("config_runtime_resolution", {std::ssize(resolution)}, resolution);
    writer.finish();
  }
};

using LayoutFile = FolderTest;

TEST_F(LayoutFile, IsReadWithItsNodesInRisingOrder) {
  MadeUpProgram made_up;
  made_up.layouts[0] = 5;                                    // configuration 0, node 2
  made_up.layouts[kLayoutConfigurationValues] = 1;           // configuration 0, node 0
  made_up.layouts[3 * kLayoutConfigurationValues + 17] = 0;  // configuration 1, node 0
  made_up.resolution = {0.04};
  made_up.write(folder_ / "net.npz");
  const MeasuredProgram program = read_layout_file(folder_ / "net.npz");
  EXPECT_EQ(program.name, "net");
  EXPECT_THAT(program.times, ElementsAre(0.5, 1.5)) << "over their mean";
  EXPECT_THAT(program.configurable, ElementsAre(0, 2));
  EXPECT_THAT(program.splits, ElementsAre(0, 2));
  EXPECT_EQ(program.resolution, 0.04);
  ASSERT_EQ(program.layouts.size(), 4 * kLayoutConfigurationValues);
  EXPECT_EQ(program.layouts[0], 1) << "node 0 comes first";
  EXPECT_EQ(program.layouts[kLayoutConfigurationValues], 5);
  EXPECT_EQ(program.layouts[2 * kLayoutConfigurationValues + 17], 0);
  EXPECT_EQ(program.layouts[1], kNoDimension);
}

TEST_F(LayoutFile, NeedsNeitherSplitsNorAResolution) {
  MadeUpProgram made_up;
  made_up.splits = {};
  made_up.write(folder_ / "net.npz");
  const MeasuredProgram program = read_layout_file(folder_ / "net.npz");
  EXPECT_THAT(program.splits, IsEmpty());
  EXPECT_EQ(program.resolution, 0);
}

TEST_F(LayoutFile, MayHaveNothingToConfigure) {
  MadeUpProgram made_up;
  made_up.configurable = {};
  made_up.layouts_shape = {2, 0, kValues};
  made_up.layouts = {};
  made_up.write(folder_ / "net.npz");
  EXPECT_EQ(read_layout_file(folder_ / "net.npz").configuration_count(), 2);
}

TEST_F(LayoutFile, OfMoreConfigurationsThanABlockIsReadWhole) {
  MadeUpProgram made_up;
  constexpr int64_t kMany = 40000;  // more than a block of 2^20 values
  made_up.runtimes.assign(kMany, 7);
  made_up.layouts_shape = {kMany, 2, kValues};
  made_up.layouts.assign(static_cast<size_t>(kMany * 2 * kValues), -1);
  made_up.layouts.back() = 3;
  made_up.write(folder_ / "net.npz");
  const MeasuredProgram program = read_layout_file(folder_ / "net.npz");
  ASSERT_EQ(program.layouts.size(), made_up.layouts.size());
  // The last node of the file is node 0, the first of the program.
  EXPECT_EQ(program.layouts[program.layouts.size() - kLayoutConfigurationValues - 1], 3);
}

TEST_F(LayoutFile, ThatDoesNotFitTogetherIsRefused) {
  const auto message_of = [&](const std::function<void(MadeUpProgram&)>& change) {
    MadeUpProgram program;
    change(program);
    program.write(folder_ / "bad.npz");
    return user_error_of([&] { read_layout_file(folder_ / "bad.npz"); });
  };
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.opcodes[1] = 121; }),
              AllOf(HasSubstr("bad.npz"), HasSubstr("no such operation"), HasSubstr("121")));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.edges = {1, 3}; }), HasSubstr("no such node"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.configurable = {2, 3};
              }),
              AllOf(HasSubstr("node_config_ids"), HasSubstr("3")));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.configurable = {-1, 0}; }), HasSubstr("-1"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.configurable = {2, 2};
              }),
              HasSubstr("configured twice"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.configurable = {2}; }),
              HasSubstr("2 and 2 against 2 and 1"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.runtimes = {100}; }),
              HasSubstr("2 and 2 against 1 and 2"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.runtimes[1] = 0; }),
              HasSubstr("configuration 1"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.splits = {0, 9};
              }),
              AllOf(HasSubstr("node_splits"), HasSubstr("9")));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.resolution = {0.1, 0.2};
              }),
              HasSubstr("config_runtime_resolution"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) { program.resolution = {-1}; }),
              HasSubstr("config_runtime_resolution"));
  // Another arrangement of as many values.
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.layouts_shape = {2, 4, 9};
              }),
              AllOf(HasSubstr("node_config_feat"), HasSubstr("[2, 4, 9]")));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.layouts_shape = {4, kValues};
              }),
              HasSubstr("3 dimensions"));
  EXPECT_THAT(message_of([](MadeUpProgram& program) {
                program.runtimes = {};
                program.layouts_shape = {0, 2, kValues};
                program.layouts = {};
              }),
              HasSubstr("at least one"));
}

TEST_F(LayoutFile, HasNoLayoutsOfOtherValuesThanDimensions) {
  for (const float value : {-2.0F, 6.0F, 0.5F, std::numeric_limits<float>::quiet_NaN(), 1e30F, -1e30F}) {
    MadeUpProgram program;
    program.layouts[2 * kLayoutConfigurationValues] = value;
    program.write(folder_ / "bad.npz");
    EXPECT_THAT(user_error_of([&] { read_layout_file(folder_ / "bad.npz"); }),
                AllOf(HasSubstr("bad.npz"), HasSubstr("configuration 1"), HasSubstr("-1 to 5")));
  }
}

TEST_F(LayoutFile, WithoutTimesIsNotTakenForTraining) {
  MadeUpProgram program;
  program.runtimes = {0, 0};
  program.write(folder_ / "test.npz");
  EXPECT_THAT(user_error_of([&] { read_layout_file(folder_ / "test.npz"); }),
              HasSubstr("official test split"));
}

using LayoutProgramFolder = FolderTest;

TEST_F(LayoutProgramFolder, AreScaledByWhatTrainingHasAndReadWithoutWhatIsHeldBack) {
  for (const char* split : {"train", "valid", "test"}) std::filesystem::create_directories(folder_ / split);
  MadeUpProgram program;
  program.write(folder_ / "train/a.npz");
  program.feature = 6;
  program.write(folder_ / "train/b.npz");
  program.feature = 4;
  program.write(folder_ / "valid/c.npz");
  program.runtimes = {0, 0};
  program.write(folder_ / "test/d.npz");
  const LayoutPrograms official = read_layout_programs(folder_, LayoutSplits::all, /*has_test=*/false);
  EXPECT_THAT(official.train[0].graph.features, Each(0));
  EXPECT_THAT(official.train[1].graph.features, Each(1));
  EXPECT_THAT(official.validation[0].graph.features, Each(0.5));
  EXPECT_THAT(official.test, IsEmpty());
  std::filesystem::remove_all(folder_ / "valid");
  EXPECT_EQ(read_layout_programs(folder_, LayoutSplits::train, true).train.size(), 2U);
}

TEST_F(LayoutProgramFolder, BroughtByTheUserAreCheckedAndNamed) {
  for (const char* split : {"train", "valid", "test"}) std::filesystem::create_directories(folder_ / split);
  MadeUpProgram program;
  program.write(folder_ / "train/a.npz");
  program.write(folder_ / "valid/b.npz");
  program.runtimes = {0, 0};
  program.write(folder_ / "test/c.npz");
  const auto preparation = make_preparation("tpugraphs_layout");
  preparation->check_full(folder_, [](auto&&...) {});
  const DataSetManifest manifest = read_manifest(folder_, "tpugraphs_layout");
  EXPECT_EQ(manifest.examples.at("train"), 1);
  EXPECT_THAT(manifest.id, HasSubstr("tpugraphs-layout-"));
  program.write(folder_ / "valid/c.npz");  // without times
  EXPECT_THAT(user_error_of([&] { preparation->check_full(folder_, [](auto&&...) {}); }),
              HasSubstr("not positive"));
}

TEST(LayoutManifest, OfWhatIsPartOfTheProgramIsWhatPrepareWrites) {
  const TemporaryFolder folder;
  make_preparation("tpugraphs_layout")->make_mini(folder.path() / "mini", folder.path(), [](auto&&...) {});
  const DataSetManifest manifest = read_manifest(folder.path() / "mini", "tpugraphs_layout");
  EXPECT_EQ(manifest.id, measured_layout_manifest(folder.path() / "mini").id);
  EXPECT_GE(manifest.examples.at("train"), 20);
  EXPECT_EQ(manifest.examples.at("validation"), 6);
  EXPECT_EQ(manifest.examples.at("test"), 6);
  const LayoutPrograms programs = read_layout_programs(folder.path() / "mini", LayoutSplits::all, true);
  for (const MeasuredProgram& program : programs.train) {
    EXPECT_EQ(program.configuration_count(), 100) << program.name;
    EXPECT_GE(program.resolution, 0.03) << program.name;
  }
}

TEST(ContiguousSegments, CoverTheGraphInEqualParts) {
  EXPECT_THAT(contiguous_segments(10, 0), ElementsAre(NodeRange{0, 10}));
  EXPECT_THAT(contiguous_segments(10, 10), ElementsAre(NodeRange{0, 10}));
  EXPECT_THAT(contiguous_segments(10, 4), ElementsAre(NodeRange{0, 3}, NodeRange{3, 6}, NodeRange{6, 10}));
  for (const int64_t nodes : {1, 63, 64, 65, 400, 14105}) {
    int64_t next = 0;
    for (const NodeRange& range : contiguous_segments(nodes, 64)) {
      EXPECT_EQ(range.begin, next);
      EXPECT_THAT(range.end - range.begin, AllOf(Ge(1), Le(64)));
      next = range.end;
    }
    EXPECT_EQ(next, nodes);
  }
}

}  // namespace
}  // namespace timetrial
