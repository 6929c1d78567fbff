#include "workloads/imagenet/rand_augment.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.h"
#include "image_vectors.h"

namespace timetrial {
namespace {

TEST(RandAugment, EveryOperationEqualsTorchvisionsOnPillowImages) {
  std::map<std::string, int> cases;
  for (const auto& vector : image_vectors().at("augmentations")) {
    const std::string name = vector.at("kind");
    SCOPED_TRACE(vector.at("negative").get<bool>() ? "-" + name : name);
    Augmentation augmentation;
    for (int kind = 0; kind < kAugmentKinds; ++kind) {
      if (to_string(static_cast<AugmentKind>(kind)) == name)
        augmentation.kind = static_cast<AugmentKind>(kind);
    }
    augmentation.negative = vector.at("negative");
    augmentation.across = vector.at("across");
    augmentation.down = vector.at("down");
    EXPECT_EQ(hexadecimal(augmented(made_up_image(14, 10), augmentation)),
              vector.at("small").get<std::string>());
    EXPECT_EQ(checksum(augmented(made_up_image(224, 224), augmentation)),
              vector.at("crc224").get<uint32_t>());
    ++cases[std::string(to_string(augmentation.kind))];
  }
  EXPECT_EQ(cases.size(), static_cast<size_t>(kAugmentKinds));
}

TEST(RandAugment, AFlatImageStaysAsItIs) {
  Image flat(6, 5);
  std::fill(flat.pixels.begin(), flat.pixels.end(), uint8_t{77});
  EXPECT_EQ(augmented(flat, {AugmentKind::auto_contrast}).pixels, flat.pixels);
  EXPECT_EQ(augmented(flat, {AugmentKind::equalize}).pixels, flat.pixels);
}

TEST(RandAugment, DependsOnSeedEpochAndExampleAlone) {
  const Image image = made_up_image(32, 32);
  const auto run = [&](uint64_t seed, int64_t epoch, int64_t example) {
    ExampleRandom random(seed, epoch, example);
    return checksum(rand_augmented(image, random));
  };
  EXPECT_EQ(run(1, 2, 3), run(1, 2, 3));
  std::map<uint32_t, int> results;
  for (int64_t example = 0; example < 200; ++example) ++results[run(1, 0, example)];
  EXPECT_GT(results.size(), 60u);  // 21 * 21 pairs and places of the cutout, many alike on this image
}

TEST(RandAugment, DrawsEveryOperationEquallyOften) {
  // Only the cutout's place and the pair of kinds are random; count the kinds from the generator as it draws
  // them.
  std::array<int, kAugmentKinds> drawn{};
  constexpr int kDraws = 32000;
  for (int example = 0; example < kDraws; ++example) {
    ExampleRandom random(7, 0, example);
    ++drawn[static_cast<size_t>(random.below(kAugmentKinds))];
  }
  for (const int count : drawn) EXPECT_NEAR(count, kDraws / kAugmentKinds, 5 * 44);  // five deviations
}

}  // namespace
}  // namespace timetrial
