#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "workloads/mnist/mnist_source.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_mnist();

namespace {

using testing::HasSubstr;

std::string big_endian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16 & 255),
          static_cast<char>(value >> 8 & 255), static_cast<char>(value & 255)};
}

std::string images(uint32_t count, uint32_t side = 28) {
  std::string text = big_endian(0x803) + big_endian(count) + big_endian(side) + big_endian(side);
  for (uint32_t i = 0; i < count * side * side; ++i) text += static_cast<char>(i * 7 % 256);
  return text;
}

std::string labels(uint32_t count, char last = 0) {
  std::string text = big_endian(0x801) + big_endian(count);
  for (uint32_t i = 0; i < count; ++i) text += static_cast<char>(i % 10);
  if (last != 0) text.back() = last;
  return text;
}

class MnistFiles : public testing::Test {
 protected:
  MnistFiles() {
    folder_.write("train-images-idx3-ubyte", images(25));
    folder_.write("train-labels-idx1-ubyte", labels(25));
    folder_.write("t10k-images-idx3-ubyte", images(5));
    folder_.write("t10k-labels-idx1-ubyte", labels(5));
  }

  std::string error() {
    return user_error_of([&] { read_mnist(folder_.path(), 10); });
  }

  TemporaryFolder folder_;
};

TEST_F(MnistFiles, ValidationIsTheEndOfTheTrainingFile) {
  const MnistData data = read_mnist(folder_.path(), 10);
  EXPECT_EQ(data.train.count(), 15);
  EXPECT_EQ(data.validation.count(), 10);
  EXPECT_EQ(data.test.count(), 5);
  EXPECT_EQ(data.validation.labels[0], 5);  // image 15
  EXPECT_EQ(data.validation.pixels[0], 15 * 784 * 7 % 256);
}

TEST_F(MnistFiles, MissingFileNamesThePreparation) {
  std::filesystem::remove(folder_.path() / "t10k-labels-idx1-ubyte");
  const std::string message = error();
  EXPECT_THAT(message, HasSubstr("t10k-labels-idx1-ubyte"));
  EXPECT_THAT(message, HasSubstr("timetrial prepare mnist"));
}

TEST_F(MnistFiles, OtherSizesCountsAndLabelsAreRefused) {
  folder_.write("t10k-images-idx3-ubyte", images(5, 27));
  EXPECT_THAT(error(), HasSubstr("27x27"));
  folder_.write("t10k-images-idx3-ubyte", images(6));
  EXPECT_THAT(error(), HasSubstr("5 labels, 6 images"));
  folder_.write("t10k-images-idx3-ubyte", images(5));
  folder_.write("t10k-labels-idx1-ubyte", labels(5, 10));
  EXPECT_THAT(error(), HasSubstr("label 4"));
  folder_.write("t10k-labels-idx1-ubyte", labels(5));
  folder_.write("train-images-idx3-ubyte", images(10));
  folder_.write("train-labels-idx1-ubyte", labels(10));
  EXPECT_THAT(error(), HasSubstr("too small"));
}

TEST_F(MnistFiles, PreparationAddsTheTrainingImagesAloneToAnOlderDataSet) {
  constexpr int64_t kTraining = 15;
  constexpr auto kImages = static_cast<uint32_t>(kTraining + kMnistValidationImages);
  folder_.write("train-images-idx3-ubyte", images(kImages));
  folder_.write("train-labels-idx1-ubyte", labels(kImages));
  const auto manifest = folder_.path() / "manifest.json";
  write_manifest(folder_.path(), {"older", "", {{"train", kTraining}}});
  const auto manifest_time = std::filesystem::last_write_time(manifest);
  const auto prepare = [&] {
    prepare_mnist()->make_mini(folder_.path(), "/nowhere", [](auto&&...) { ADD_FAILURE() << "made again"; });
  };
  prepare();
  const auto training = folder_.path() / kTrainingFolder;
  const MnistData expected = read_mnist(folder_.path());
  const MnistData found = read_mnist_training(training);
  EXPECT_EQ(found.train.count(), kTraining);
  EXPECT_EQ(found.train.pixels, expected.train.pixels);
  EXPECT_EQ(found.train.labels, expected.train.labels);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(training), {}), 2);
  EXPECT_EQ(std::filesystem::file_size(training / "train-images-idx3-ubyte"), 16 + kTraining * kMnistPixels);
  EXPECT_EQ(std::filesystem::last_write_time(manifest), manifest_time);
  const auto training_time = std::filesystem::last_write_time(training / "train-images-idx3-ubyte");
  prepare();
  EXPECT_EQ(std::filesystem::last_write_time(training / "train-images-idx3-ubyte"), training_time);
  std::filesystem::remove(training / "train-labels-idx1-ubyte");
  prepare_mnist()->complete_mini(folder_.path());
  EXPECT_EQ(read_mnist_training(training).train.labels, expected.train.labels);
}

TEST_F(MnistFiles, PixelsAreNormalisedByTheDefinition) {
  const MnistData data = read_mnist(folder_.path(), 10);
  const uint32_t index = 3;
  const Batch full = gather_mnist_batch(data.train, &index, 1, {1.0f});
  const Batch scaled = gather_mnist_batch(data.train, &index, 1, {1.0f / 255});
  EXPECT_EQ(full.at("inputs").sizes(), at::IntArrayRef({1, 1, 28, 28}));
  EXPECT_EQ(full.at("targets").item<int64_t>(), 3);
  for (const int64_t pixel : {0, 1, 783}) {
    const double value = data.train.pixels[static_cast<size_t>(3 * 784 + pixel)];
    EXPECT_NEAR(full.at("inputs").reshape(-1)[pixel].item<double>(), (value - 0.1307) / 0.3081, 1e-3);
    EXPECT_NEAR(scaled.at("inputs").reshape(-1)[pixel].item<double>(), (value / 255 - 0.1307) / 0.3081, 1e-6);
  }
}

TEST_F(MnistFiles, SourceGivesEveryExampleOncePerEpochAndResumes) {
  const auto data = std::make_shared<const MnistData>(read_mnist(folder_.path(), 10));
  const auto source = mnist_training(data, 5, 3, {});
  int64_t sum = 0;
  for (int i = 0; i < 3; ++i) sum += source->next_task()().at("targets").sum().item<int64_t>();
  EXPECT_EQ(sum, 45 + 10);  // labels 0-9 and 0-4
  for (int i = 0; i < 5; ++i) {
    const auto resumed = mnist_training(data, 5, 3, {});
    resumed->seek(source->position());
    EXPECT_TRUE(at::equal(resumed->next_task()().at("inputs"), source->next_task()().at("inputs"))) << i;
  }
}

TEST(MnistWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  TemporaryFolder folder;
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder.path();
  const auto workload = make_workload("mnist", options);
  workload->build_model(1);
  EXPECT_EQ(workload->parameters().size(), 4u);
  const std::string command = "timetrial prepare mnist --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
}

TEST(MnistWorkload, VariantsAreRefused) {
  WorkloadOptions options;
  options.variant = "big";
  EXPECT_THAT(user_error_of([&] { make_workload("mnist", options); }), HasSubstr("big"));
}

TEST(MnistMini, EvaluationCountsEveryExampleWhateverTheBatchSize) {
  SKIP_WITHOUT_MINI_DATA("mnist");
  std::vector<Metrics> found;
  for (const int64_t batch : {0, 999}) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = mini_data_directory("mnist");
    options.evaluation_batch_size = batch;
    const auto workload = make_workload("mnist", options);
    workload->build_model(1);
    found.push_back(workload->evaluate(Split::validation));
  }
  EXPECT_EQ(found[0].at("accuracy"), found[1].at("accuracy"));
  EXPECT_NEAR(found[0].at("loss"), found[1].at("loss"), 1e-6);
  EXPECT_NEAR(found[0].at("accuracy") * 10000, std::round(found[0].at("accuracy") * 10000), 1e-9);
}

TEST(MnistMini, ShortTrainingBeatsGuessing) {
  SKIP_WITHOUT_MINI_DATA("mnist");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("mnist");
  const auto workload = make_workload("mnist", options);
  workload->build_model(1);
  torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(1e-3));
  const auto source = workload->training_data(128, 1);
  for (int i = 0; i < 200; ++i) {
    const Batch batch = source->next_task()();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  EXPECT_GT(workload->evaluate(Split::validation).at("accuracy"), 0.7);
}

}  // namespace
}  // namespace timetrial
