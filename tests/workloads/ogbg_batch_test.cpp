#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "ogbg_files.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/ogbg/graph_batch.h"
#include "workloads/ogbg/molecule_source.h"

namespace timetrial {
namespace {

constexpr int kTasks = 3;

bool same(const Batch& a, const Batch& b) {
  if (a.examples != b.examples || a.tensors.size() != b.tensors.size()) return false;
  for (const auto& [name, tensor] : a.tensors) {
    if (!at::equal(tensor, b.at(name))) return false;
  }
  return true;
}

std::vector<int64_t> list(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kLong).contiguous();
  return {values.data_ptr<int64_t>(), values.data_ptr<int64_t>() + values.numel()};
}

using Ints = std::vector<int64_t>;

class OgbgBatch : public testing::Test {
 protected:
  OgbgBatch() {
    write_ogbg_files(folder_.path(), small_ogbg_files());
    molecules_ = std::make_shared<const Molecules>(read_molecules(folder_.path(), kTasks));
  }

  std::shared_ptr<const Molecules> synthetic(int64_t count) {
    write_ogbg_files(folder_.path(), synthetic_ogbg_files(count, kTasks, 1));
    return std::make_shared<const Molecules>(read_molecules(folder_.path(), kTasks));
  }

  TemporaryFolder folder_;
  std::shared_ptr<const Molecules> molecules_;
};

TEST_F(OgbgBatch, BondsGoBothWaysSortedByReceiver) {
  const std::vector<uint32_t> both = {3, 4};  // a chain 0-1-2 and a pair 1-0
  const Batch batch = molecule_batch(*molecules_, both.data(), 2);
  EXPECT_EQ(batch.examples, 2);
  EXPECT_EQ(list(batch.at("n_node")), (Ints{3, 2}));
  EXPECT_EQ(list(batch.at("n_edge")), (Ints{4, 2}));
  EXPECT_EQ(list(batch.at("receivers")), (Ints{0, 1, 1, 2, 3, 4}));
  EXPECT_EQ(list(batch.at("senders")), (Ints{1, 0, 2, 1, 4, 3}));
  EXPECT_EQ(list(batch.at("receiver_offsets")), (Ints{0, 1, 3, 4, 5, 6}));
  EXPECT_EQ(list(batch.at("sender_order")), (Ints{1, 0, 3, 2, 5, 4}));
  EXPECT_EQ(list(batch.at("sender_offsets")), (Ints{0, 1, 3, 4, 5, 6}));
  EXPECT_EQ(list(batch.at("node_graph")), (Ints{0, 0, 0, 1, 1}));
  EXPECT_EQ(list(batch.at("node_offsets")), (Ints{0, 3, 5}));
  EXPECT_EQ(list(batch.at("edges").select(1, 0)),
            (Ints{0, 0, 1, 1, 2, 2}));  // a bond's features on both edges
  EXPECT_EQ(list(batch.at("inputs").select(1, 0)), (Ints{6, 7, 8, 9, 10}));
  EXPECT_EQ(list(batch.at("targets")), (Ints{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(batch.at("inputs").scalar_type(), at::kFloat);
}

TEST_F(OgbgBatch, UnsortedEdgesComeWithTheirOrder) {
  GraphList graphs;
  graphs.node_counts = {2};
  graphs.edge_counts = {3};
  graphs.node_features.resize(2 * kAtomFeatures);
  graphs.edge_features = {0, 0, 0, 1, 1, 1, 2, 2, 2};
  graphs.senders = {0, 1, 0};
  graphs.receivers = {1, 0, 0};
  EXPECT_EQ(list(graph_batch(graphs).at("receiver_order")), (Ints{1, 2, 0}));
  sort_by_receiver(graphs);
  const Batch sorted = graph_batch(graphs);
  EXPECT_FALSE(sorted.has("receiver_order"));
  EXPECT_EQ(list(sorted.at("receivers")), (Ints{0, 0, 1}));
  EXPECT_EQ(list(sorted.at("senders")), (Ints{1, 0, 0}));
  EXPECT_EQ(list(sorted.at("edges").select(1, 0)), (Ints{1, 2, 0}));
}

TEST_F(OgbgBatch, MissingLabelsWeighNothing) {
  const std::vector<uint32_t> two = {0, 1};
  const Batch batch = molecule_batch(*molecules_, two.data(), 2);
  EXPECT_EQ(list(batch.at("targets")), (Ints{0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(list(batch.at("weights")), (Ints{1, 1, 0, 1, 0, 1}));
}

TEST_F(OgbgBatch, PaddingIsOneGraphWithoutLabelsAndEmptyOnes) {
  const std::vector<uint32_t> one = {4};
  const BatchShape shape{4, 5, 6};
  const Batch batch = molecule_batch(*molecules_, one.data(), 1, &shape);
  EXPECT_EQ(batch.examples, 1);
  EXPECT_EQ(list(batch.at("n_node")), (Ints{2, 3, 0, 0}));
  EXPECT_EQ(list(batch.at("n_edge")), (Ints{2, 4, 0, 0}));
  EXPECT_EQ(list(batch.at("receivers")), (Ints{0, 1, 2, 2, 2, 2}));
  EXPECT_EQ(list(batch.at("senders")), (Ints{1, 0, 2, 2, 2, 2}));
  EXPECT_EQ(list(batch.at("weights").sum(1)), (Ints{3, 0, 0, 0}));
  EXPECT_EQ(batch.at("inputs").narrow(0, 2, 3).abs().max().item<float>(), 0);
  const BatchShape small{1, 5, 6};
  EXPECT_THROW(molecule_batch(*molecules_, one.data(), 1, &small), std::logic_error);
}

TEST_F(OgbgBatch, AMoleculeWithoutBonds) {
  const uint32_t lonely = 2;
  const Batch batch = molecule_batch(*molecules_, &lonely, 1);
  EXPECT_EQ(batch.at("edges").sizes(), at::IntArrayRef({0, 3}));
  EXPECT_EQ(list(batch.at("receiver_offsets")), (Ints{0, 0}));
}

TEST_F(OgbgBatch, TrainingBatchesHaveOneShape) {
  MoleculeSource source(synthetic(60), 8, 1);
  int64_t molecules = 0;
  for (int i = 0; i < 12; ++i) {
    const Batch batch = source.next_task()();
    molecules += batch.examples;
    EXPECT_EQ(batch.at("n_node").size(0), 9);
    EXPECT_EQ(batch.at("inputs").size(0), 8 * 26 + 1);
    EXPECT_EQ(batch.at("edges").size(0), 8 * 56);
    EXPECT_EQ(batch.at("n_node").sum().item<int64_t>(), 8 * 26 + 1);
  }
  EXPECT_EQ(molecules, 96);  // all 8 fit every time, two epochs of 48
}

TEST_F(OgbgBatch, BatchesDoNotDependOnThreadsNorOnAResume) {
  const auto data = synthetic(60);
  const auto loader = [&](int threads) {
    return PrefetchingLoader(std::make_unique<MoleculeSource>(data, 7, 11), threads, 4);
  };
  std::vector<Batch> batches;
  std::vector<DataPosition> positions;
  PrefetchingLoader one = loader(1);
  PrefetchingLoader three = loader(3);
  for (int i = 0; i < 20; ++i) {
    positions.push_back(one.position());
    batches.push_back(one.next());
    EXPECT_TRUE(same(batches.back(), three.next())) << i;
  }
  for (const size_t i : {0U, 6U, 7U, 13U, 19U}) {
    PrefetchingLoader resumed = loader(2);
    resumed.seek(positions[i]);
    for (size_t j = i; j < 20; ++j) EXPECT_TRUE(same(resumed.next(), batches[j])) << i << " " << j;
  }
}

}  // namespace
}  // namespace timetrial
