// How fast images become training examples, on one core beside Pillow, and through the loader. Pillow is
// asked when python3 can import it (tests/workloads/pillow_speed.py); processor time is compared, so that
// other work on the machine does not matter much.

#include <filesystem>
#include <fstream>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "image_files.h"
#include "workloads/data/child_process.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/imagenet/encoded_image.h"
#include "workloads/imagenet/image_transforms.h"
#include "workloads/imagenet/imagenet_preparation.h"
#include "workloads/imagenet/imagenet_source.h"
#include "workloads/imagenet/rand_augment.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

// The size of most images of ImageNet, and a crop of average area.
constexpr int kWidth = 500, kHeight = 375;
constexpr PixelBox kCrop = {60, 40, 367, 275};
constexpr int kSide = 224;

const std::string& photo() {
  static const std::string bytes = encode_jpeg(photo_like_image(kWidth, kHeight), 95);
  return bytes;
}

void images_per_second(benchmark::State& state, int64_t each = 1) {
  state.counters["images/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * each), benchmark::Counter::kIsRate);
}

void decode(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(photo(), "photo"));
  images_per_second(state);
  state.counters["bytes"] = static_cast<double>(photo().size());
}

void crop(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(resized_crop(*open_image(photo(), "photo"), kCrop, kSide, false));
  }
  images_per_second(state);
}

void evaluation(benchmark::State& state) {
  const ImagenetRecipe recipe;
  for (auto _ : state) benchmark::DoNotOptimize(resized_centre(*open_image(photo(), "photo"), recipe));
  images_per_second(state);
}

void random_examples(benchmark::State& state, const ImagenetRecipe& recipe) {
  const PixelNormalisation normalise(recipe);
  std::vector<float> values(static_cast<size_t>(kSide * kSide * kChannels));
  int64_t example = 0;
  for (auto _ : state) {
    ExampleRandom random(1, 0, ++example);
    normalise(training_image(*open_image(photo(), "photo"), recipe, random), values.data());
    benchmark::DoNotOptimize(values.data());
  }
  images_per_second(state);
}

void augmentation(benchmark::State& state, AugmentKind kind) {
  const Image image = photo_like_image(kSide, kSide);
  for (auto _ : state) benchmark::DoNotOptimize(augmented(image, {kind, true, 0.4, 0.6}));
  images_per_second(state);
}

// A folder of photos, removed at the end of the process.
class PhotoFolder {
 public:
  static constexpr int kImages = 64;

  PhotoFolder() : path_(fs::temp_directory_path() / ("timetrial-bench-" + std::to_string(getpid()))) {
    for (const char* split : {"train", "val", "imagenet_v2"}) {
      const int images = split == std::string("train") ? kImages : 1;
      fs::create_directories(path_ / split / "0");
      for (int i = 0; i < images; ++i) {
        std::ofstream(path_ / split / "0" / (std::to_string(i) + ".JPEG"), std::ios::binary) << photo();
      }
    }
    index_imagenet(path_, {1, kImages, 1, 1}, "photos", "made up",
                   [](const std::string&, int64_t, int64_t) {});
  }
  ~PhotoFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PhotoFolder(const PhotoFolder&) = delete;
  PhotoFolder& operator=(const PhotoFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void loader(benchmark::State& state, ImagenetRecipe recipe, int threads) {
  constexpr int64_t kBatch = 16;
  const PhotoFolder folder;
  recipe.classes = 1;
  const ImagenetData data = open_imagenet(folder.path(), "imagenet_resnet", 1);
  PrefetchingLoader loader(imagenet_training(data.train, recipe, kBatch, 1), threads, 2 * threads);
  for (auto _ : state) benchmark::DoNotOptimize(loader.next());
  images_per_second(state, kBatch);
}

// The same file through Pillow: seconds of processor time for one image, by the script.
void pillow(benchmark::State& state, const std::string& what) {
  const fs::path file = fs::temp_directory_path() / ("timetrial-photo-" + std::to_string(getpid()) + ".jpg");
  std::ofstream(file, std::ios::binary) << photo();
  const std::string script = std::string(TIMETRIAL_SOURCE_DIR) + "/tests/workloads/pillow_speed.py";
  const CommandResult result =
      run_command({"python3", script, file.string(), what}, fs::temp_directory_path());
  fs::remove(file);
  if (result.exit_status != 0) {
    state.SkipWithError("python3 cannot import Pillow: pip install pillow");
    return;
  }
  for (auto _ : state) state.SetIterationTime(std::stod(result.output));
  state.counters["images/s"] = 1.0 / std::stod(result.output);
}

BENCHMARK(decode)->Name("images/decode_500x375")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pillow, decode, "decode")
    ->Name("images/decode_500x375/Pillow")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(crop)->Name("images/decode_crop_resize_224")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pillow, crop, "crop")
    ->Name("images/decode_crop_resize_224/Pillow")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(evaluation)->Name("images/evaluation_256_224")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pillow, evaluation, "evaluation")
    ->Name("images/evaluation_256_224/Pillow")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(random_examples, resnet, imagenet_resnet_recipe())
    ->Name("images/training_example/resnet")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(random_examples, vit, imagenet_vit_recipe())
    ->Name("images/training_example/vit")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(augmentation, rotate, AugmentKind::rotate)->Name("images/augment/Rotate");
BENCHMARK_CAPTURE(augmentation, colour, AugmentKind::colour)->Name("images/augment/Color");
BENCHMARK_CAPTURE(augmentation, sharpness, AugmentKind::sharpness)->Name("images/augment/Sharpness");
BENCHMARK_CAPTURE(augmentation, equalize, AugmentKind::equalize)->Name("images/augment/Equalize");
BENCHMARK_CAPTURE(loader, one, imagenet_resnet_recipe(), 1)
    ->Name("images/loader/resnet/1_thread")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loader, two, imagenet_resnet_recipe(), 2)
    ->Name("images/loader/resnet/2_threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loader, vit_two, imagenet_vit_recipe(), 2)
    ->Name("images/loader/vit/2_threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace timetrial
