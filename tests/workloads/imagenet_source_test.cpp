#include "workloads/imagenet/imagenet_source.h"

#include <set>

#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_up_imagenet.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/imagenet/mixup.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

class ImagenetSourceTest : public FolderTest {
 protected:
  void SetUp() override {
    write_made_up_imagenet(folder_);
    index_made_up_imagenet(folder_);
    data_ = open_imagenet(folder_, "imagenet_vit", 3);
    recipe_ = imagenet_vit_recipe();
    recipe_.classes = 3;
    recipe_.crop_side = 16;
    recipe_.resize_side = 18;
  }

  std::vector<Batch> batches(int threads, int count, const DataPosition& from = {}) {
    PrefetchingLoader loader(imagenet_training(data_.train, recipe_, 5, 42), threads, 3);
    if (!from.empty()) loader.seek(from);
    std::vector<Batch> result;
    for (int i = 0; i < count; ++i) result.push_back(loader.next());
    return result;
  }

  ImagenetData data_;
  ImagenetRecipe recipe_;
};

void expect_same(const Batch& a, const Batch& b) {
  EXPECT_TRUE(at::equal(a.at("inputs"), b.at("inputs")));
  EXPECT_TRUE(at::equal(a.at("targets"), b.at("targets")));
}

TEST_F(ImagenetSourceTest, BatchesHaveTheDocumentedShape) {
  const Batch mixed = batches(1, 1).front();
  EXPECT_EQ(mixed.examples, 5);
  EXPECT_EQ(mixed.at("inputs").sizes(), at::IntArrayRef({5, 3, 16, 16}));
  EXPECT_TRUE(mixed.at("inputs").is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_EQ(mixed.at("targets").sizes(), at::IntArrayRef({5, 3}));
  EXPECT_TRUE(at::allclose(mixed.at("targets").sum(1), at::ones({5})));
  recipe_.mixup_alpha = 0;
  const Batch plain = batches(1, 1).front();
  EXPECT_EQ(plain.at("targets").scalar_type(), at::kLong);
  EXPECT_EQ(plain.at("targets").sizes(), at::IntArrayRef({5}));
}

TEST_F(ImagenetSourceTest, ThreadsChangeNothing) {
  const auto one = batches(1, 6), three = batches(3, 6);
  for (size_t i = 0; i < one.size(); ++i) expect_same(one[i], three[i]);
}

TEST_F(ImagenetSourceTest, ResumesInTheMiddleOfAnEpoch) {
  const auto all = batches(2, 6);
  PrefetchingLoader loader(imagenet_training(data_.train, recipe_, 5, 42), 2, 3);
  for (int i = 0; i < 3; ++i) loader.next();
  const auto rest = batches(2, 3, loader.position());
  for (size_t i = 0; i < rest.size(); ++i) expect_same(all[3 + i], rest[i]);
}

TEST_F(ImagenetSourceTest, EpochsAndSeedsDiffer) {
  recipe_.mixup_alpha = 0;
  const auto source = [&](uint64_t seed) { return imagenet_training(data_.train, recipe_, 12, seed); };
  const auto first = source(1);
  const Batch a = first->next_task()(), b = first->next_task()();
  EXPECT_FALSE(at::equal(a.at("inputs"), b.at("inputs")));
  EXPECT_TRUE(at::equal(at::bincount(a.at("targets")), at::bincount(b.at("targets"))));  // every image once
  EXPECT_FALSE(at::equal(a.at("inputs"), source(2)->next_task()().at("inputs")));
}

TEST_F(ImagenetSourceTest, PackedImagesMakeTheSameBatches) {
  const auto loose = batches(2, 4);
  pack_imagenet(folder_, [](const std::string&, int64_t, int64_t) {});
  data_ = open_imagenet(folder_, "imagenet_vit", 3);
  std::filesystem::remove_all(folder_ / "train");
  const auto packed = batches(2, 4);
  for (size_t i = 0; i < loose.size(); ++i) expect_same(loose[i], packed[i]);
}

TEST_F(ImagenetSourceTest, ABrokenImageIsNamedInItsPlace) {
  write(data_.train->name(7), read(data_.train->name(7)).substr(0, 200));
  EXPECT_THAT(user_error_of([&] { batches(2, 3); }), HasSubstr(data_.train->name(7)));
}

TEST_F(ImagenetSourceTest, EvaluationShowsEveryExampleOnceInOrder) {
  const ImagenetEvaluation evaluation = validation_evaluation(data_, recipe_);
  ASSERT_EQ(evaluation.examples(), 6);
  const Batch whole = evaluation.batch(0, 6);
  EXPECT_TRUE(at::equal(whole.at("targets"), at::tensor({0, 0, 1, 1, 2, 2}, at::kLong)));
  EXPECT_TRUE(at::equal(whole.at("inputs").narrow(0, 2, 3), evaluation.batch(2, 3).at("inputs")));
  EXPECT_EQ(test_evaluation(data_, recipe_).batch(0, 3).at("inputs").sizes(),
            at::IntArrayRef({3, 3, 16, 16}));
}

TEST_F(ImagenetSourceTest, TrainEvaluationIsAFixedChoice) {
  recipe_.train_evaluation_examples = 8;
  const ImagenetEvaluation evaluation = train_evaluation(data_, recipe_);
  EXPECT_EQ(evaluation.examples(), 8);
  expect_same(evaluation.batch(0, 8), train_evaluation(data_, recipe_).batch(0, 8));
  recipe_.train_evaluation_examples = 100;
  EXPECT_EQ(train_evaluation(data_, recipe_).examples(), 12);
}

TEST_F(ImagenetSourceTest, TheTwoEvaluationTransformsAgreeRoughly) {
  const std::vector<uint32_t> order = {0, 1, 2};
  const at::Tensor a = ImagenetEvaluation(data_.test, order, recipe_, EvaluationTransform::resize_then_crop)
                           .batch(0, 3)
                           .at("inputs");
  const at::Tensor b = ImagenetEvaluation(data_.test, order, recipe_, EvaluationTransform::crop_then_resize)
                           .batch(0, 3)
                           .at("inputs");
  EXPECT_FALSE(at::equal(a, b));
  EXPECT_LT((a - b).abs().mean().item<double>(), 0.25);
}

TEST(Mixup, EveryRowIsMixedWithTheOneBefore) {
  at::Tensor rows = at::rand({4, 5});
  const at::Tensor expected = rows * 0.3 + at::roll(rows, {1}, {0}) * 0.7;
  mix_with_previous(rows.data_ptr<float>(), 4, 5, 0.3f);
  EXPECT_TRUE(at::allclose(rows, expected));
}

}  // namespace
}  // namespace timetrial
