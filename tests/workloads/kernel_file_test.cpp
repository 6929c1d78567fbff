// Files of the tile collection: ours, measured and read back, and files that are not as they should be.

#include "workloads/tpugraphs_tile/kernel_file.h"

#include <functional>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/column_scaling.h"
#include "workloads/tpugraphs_tile/cpu_tile/measured_collection.h"
#include "workloads/tpugraphs_tile/tile_kernels.h"
#include "workloads/tpugraphs_tile/tile_manifest.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;

// A kernel of two nodes and three configurations, as a test wants it.
struct MadeUpKernel {
  std::vector<int64_t> opcodes = {63, 98};
  std::vector<int64_t> edges = {1, 0};
  std::vector<int64_t> runtimes = {100, 300, 50};
  std::vector<int64_t> normalizers = {100, 100, 100};
  int64_t feature_rows = 2;
  int64_t feature_columns = kNodeFeatures;

  void write(const std::filesystem::path& file) const {
    NpzWriter writer(file);
    writer.add("node_feat", {feature_rows, feature_columns},
               std::vector<float>(static_cast<size_t>(feature_rows * feature_columns), 2));
    writer.add("node_opcode", {std::ssize(opcodes)}, opcodes);
    writer.add("edge_index", {std::ssize(edges) / 2, 2}, edges);
    writer.add("config_feat", {3, int64_t{kTileFeatures}}, std::vector<float>(3 * kTileFeatures, 4));
    writer.add("config_runtime", {std::ssize(runtimes)}, runtimes);
    writer.add("config_runtime_normalizers", {std::ssize(normalizers)}, normalizers);
    writer.finish();
  }
};

using KernelFile = FolderTest;

TEST_F(KernelFile, IsReadWithItsTimesOverThoseOfTheDefault) {
  MadeUpKernel().write(folder_ / "transpose.npz");
  const MeasuredKernel kernel = read_kernel_file(folder_ / "transpose.npz");
  EXPECT_EQ(kernel.name, "transpose");
  EXPECT_THAT(kernel.times, ElementsAre(1, 3, 0.5));
  EXPECT_THAT(kernel.graph.opcodes, ElementsAre(63, 98));
  EXPECT_THAT(kernel.graph.consumers, ElementsAre(1));
  EXPECT_THAT(kernel.graph.producers, ElementsAre(0));
  EXPECT_EQ(kernel.graph.features.size(), 2U * kNodeFeatures);
  EXPECT_EQ(kernel.configurations.size(), 3 * kTileFeatures);
  EXPECT_EQ(kernel.resolution, 0);
}

TEST_F(KernelFile, ThatDoesNotFitTogetherIsRefused) {
  const auto message_of = [&](const std::function<void(MadeUpKernel&)>& change) {
    MadeUpKernel kernel;
    change(kernel);
    kernel.write(folder_ / "bad.npz");
    return user_error_of([&] { read_kernel_file(folder_ / "bad.npz"); });
  };
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) {
                kernel.opcodes = {63, 121};
              }),
              AllOf(HasSubstr("bad.npz"), HasSubstr("no such operation"), HasSubstr("121")));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) {
                kernel.edges = {1, 2};
              }),
              AllOf(HasSubstr("no such node"), HasSubstr("2")));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) { kernel.edges = {-1, 0}; }), HasSubstr("-1"));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) { kernel.feature_rows = 3; }), HasSubstr("3 and 2"));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) { kernel.feature_columns = 139; }),
              AllOf(HasSubstr("node_feat"), HasSubstr("[2, 139]")));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) {
                kernel.runtimes = {100, 300};
              }),
              HasSubstr("3, 2 and 3"));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) { kernel.runtimes[1] = 0; }),
              AllOf(HasSubstr("configuration 1"), HasSubstr("0 / 100")));
  EXPECT_THAT(message_of([](MadeUpKernel& kernel) { kernel.normalizers[2] = -1; }), HasSubstr("50 / -1"));
}

TEST_F(KernelFile, ThatIsMissingIsAskedFor) {
  EXPECT_THAT(user_error_of([&] { read_kernel_folder(folder_ / "train"); }),
              AllOf(HasSubstr("no .npz files"), HasSubstr("train")));
}

TEST(ColumnScaling, BringsTrainingDataToTheUnitIntervalAndOtherDataByTheSameRule) {
  ColumnScaling scaling(2);
  scaling.include(std::vector<float>{10, 5, 30, 5});
  scaling.include(std::vector<float>{20, 5});
  std::vector<float> rows = {10, 5, 30, 5, 15, 5, 50, 7};
  scaling.apply(rows);
  EXPECT_THAT(rows, ElementsAre(0, 0, 1, 0, 0.25, 0, 2, 0));
}

using MeasuredCollection = FolderTest;

std::vector<CollectedKernel> small_collection() {
  return {{"train", [] { return matrix_multiply_kernel(8, 8, 8); }},
          {"train", [] { return row_sum_kernel(16, 8); }},
          {"valid", [] { return transpose_add_kernel(8, 4); }},
          {"test", [] { return normalisation_kernel(4, 8); }}};
}

TEST_F(MeasuredCollection, IsADataSet) {
  int64_t kernels = 0;
  MeasuredCollectionOptions options;
  options.rounds = 2;
  options.least_tau = -1;  // so little work is noise alone
  options.progress = [&](const std::string&, const TimingNoise&, bool kept) { kernels += kept; };
  measure_collection(small_collection(), folder_, options);
  EXPECT_EQ(kernels, 4);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "provenance.json"));
  const TileKernels read = read_tile_kernels(folder_, TileSplits::all, /*has_test=*/true);
  ASSERT_EQ(read.train.size(), 2U);
  EXPECT_EQ(read.train[0].name, "matrix_multiply_8_8_8");
  EXPECT_EQ(read.train[0].configuration_count(), std::ssize(matrix_multiply_kernel(8, 8, 8).configurations));
  EXPECT_EQ(read.train[0].times.front(), 1) << "the default is what times are divided by";
  EXPECT_GE(read.train[0].resolution, 0.03);
  EXPECT_THAT(read.train[0].graph.opcodes, ElementsAre(63, 63, 34));
  for (const MeasuredKernel& kernel : read.train)
    EXPECT_THAT(kernel.graph.features, Each(AllOf(Ge(0), Le(1))));
  EXPECT_EQ(read.validation.size(), 1U);
  EXPECT_EQ(read.test.size(), 1U);
  const DataSetManifest manifest = measured_tile_manifest(folder_);
  EXPECT_EQ(manifest.examples.at("train"), 2);
  EXPECT_THAT(manifest.id, HasSubstr("cpu-tile-"));
  std::filesystem::remove(folder_ / "train/row_sum_16_8.npz");
  EXPECT_NE(measured_tile_manifest(folder_).id, manifest.id) << "other data, another id";
  EXPECT_TRUE(read_tile_kernels(folder_, TileSplits::train, true).validation.empty());
}

TEST_F(MeasuredCollection, OfNoiseIsNone) {
  MeasuredCollectionOptions options;
  options.rounds = 2;
  options.least_tau = 1.1;
  EXPECT_THAT(user_error_of([&] { measure_collection(small_collection(), folder_, options); }),
              HasSubstr("could be timed well enough"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "provenance.json"));
}

TEST(TileManifest, OfWhatIsPartOfTheProgramIsWhatPrepareWrites) {
  const TemporaryFolder folder;
  make_preparation("tpugraphs_tile")->make_mini(folder.path() / "mini", folder.path(), [](auto&&...) {});
  const DataSetManifest manifest = read_manifest(folder.path() / "mini", "tpugraphs_tile");
  EXPECT_EQ(manifest.id, measured_tile_manifest(folder.path() / "mini").id);
  EXPECT_GE(manifest.examples.at("train"), 40);
  EXPECT_GE(manifest.examples.at("validation"), 6);
  EXPECT_GE(manifest.examples.at("test"), 6);
}

}  // namespace
}  // namespace timetrial
