#include "workloads/imagenet/image_transforms.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.h"
#include "image_vectors.h"
#include "workloads/imagenet/mini_imagenet.h"

namespace timetrial {
namespace {

// An image that is held in memory as it is.
class PlainImage : public EncodedImage {
 public:
  explicit PlainImage(Image image) : image_(std::move(image)) {}

  int width() const override { return image_.width; }
  int height() const override { return image_.height; }
  bool reducible() const override { return false; }
  Image decode(const PixelBox& box, int) override {
    decoded = box;
    Image part(box.width, box.height);
    for (int y = 0; y < box.height; ++y) {
      std::copy_n(image_.row(box.top + y) + box.left * kChannels, box.width * kChannels, part.row(y));
    }
    return part;
  }

  PixelBox decoded;

 private:
  Image image_;
};

ImagenetRecipe recipe_of(int64_t crop, int64_t resize) {
  ImagenetRecipe recipe;
  recipe.crop_side = crop;
  recipe.resize_side = resize;
  return recipe;
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

TEST(ImageTransforms, EvaluationEqualsTorchvisionsResizeAndCentreCrop) {
  for (const auto& vector : image_vectors().at("evaluations")) {
    SCOPED_TRACE(vector.dump());
    PlainImage image(made_up_image(vector.at("width"), vector.at("height")));
    const Image result = resized_centre(image, recipe_of(vector.at("crop"), vector.at("resize")));
    EXPECT_EQ(checksum(result), vector.at("crc").get<uint32_t>());
    EXPECT_LT(image.decoded.width * image.decoded.height, image.width() * image.height());
  }
}

TEST(ImageTransforms, EvaluationOfAJpegDecodesOnlyWhatItNeeds) {
  const std::string bytes = encode_jpeg(photo_like_image(300, 200), 90);
  PlainImage whole(decode_image(bytes, "photo"));
  EXPECT_EQ(resized_centre(*open_image(bytes, "photo"), recipe_of(64, 72)).pixels,
            resized_centre(whole, recipe_of(64, 72)).pixels);
}

TEST(ImageTransforms, ACropSeesNothingOutsideItself) {
  PlainImage image(made_up_image(50, 40));
  PlainImage alone(image.decode({10, 5, 30, 20}, 1));
  EXPECT_EQ(resized_crop(image, {10, 5, 30, 20}, 16, true).pixels,
            resized_crop(alone, {0, 0, 30, 20}, 16, true).pixels);
}

TEST(ImageTransforms, ReducedDecodingDiffersLittleAndOnlyWhenTheCropIsLarge) {
  const std::string bytes = encode_jpeg(photo_like_image(500, 400), 90);
  const auto crop = [&](const PixelBox& box, bool scaled) {
    return resized_crop(*open_image(bytes, "photo"), box, 64, scaled);
  };
  const PixelBox small{33, 21, 127, 300}, large{33, 21, 401, 300};
  EXPECT_EQ(crop(small, true).pixels, crop(small, false).pixels);
  EXPECT_NE(crop(large, true).pixels, crop(large, false).pixels);
  EXPECT_LT(mean_difference(crop(large, true), crop(large, false)), 1.5);
}

TEST(ImageTransforms, TrainingImagesFlipHalfOfTheTime) {
  Image ramp(8, 8);
  for (int i = 0; i < 64 * kChannels; ++i)
    ramp.pixels[static_cast<size_t>(i)] = static_cast<uint8_t>(i / kChannels % 8 * 30);
  ImagenetRecipe recipe = recipe_of(8, 8);
  recipe.crop_area = {1.0, 1.0};
  recipe.crop_ratio = {1.0, 1.0};
  int flipped = 0;
  for (int example = 0; example < 1000; ++example) {
    PlainImage image(ramp);
    ExampleRandom random(1, 0, example);
    const Image result = training_image(image, recipe, random);
    Image mirrored = result;
    mirror(mirrored);
    const bool flip = result.pixels != ramp.pixels;
    EXPECT_EQ(flip ? mirrored.pixels : result.pixels, ramp.pixels);
    flipped += flip;
  }
  EXPECT_NEAR(flipped, 500, 80);
}

TEST(ImageTransforms, AugmentationIsOnlyThereWhenAsked) {
  ImagenetRecipe recipe = recipe_of(32, 36);
  int different = 0;
  for (int example = 0; example < 50; ++example) {
    PlainImage image(made_up_image(40, 40));
    recipe.rand_augment = false;
    ExampleRandom first(1, 0, example);
    const Image plain = training_image(image, recipe, first);
    recipe.rand_augment = true;
    ExampleRandom second(1, 0, example);
    different += training_image(image, recipe, second).pixels != plain.pixels;
  }
  EXPECT_GT(different, 40);
}

TEST(ImageTransforms, TheTestSplitsCentreIsASquareOfTheShorterSide) {
  PlainImage image(made_up_image(100, 64));
  const std::vector<float> values = bicubic_centre(image, recipe_of(224, 256));
  EXPECT_EQ(values.size(), 224u * 224u * 3u);
  EXPECT_EQ(image.decoded, (PixelBox{22, 4, 56, 56}));
}

TEST(ImageTransforms, NormalisationIsThatOfTheRecipe) {
  const PixelNormalisation normalise{ImagenetRecipe()};
  Image image(1, 1);
  image.pixels = {0, 128, 255};
  float out[3];
  normalise(image, out);
  EXPECT_FLOAT_EQ(out[0], -0.485f / 0.229f);
  EXPECT_FLOAT_EQ(out[1], (128.0f / 255 - 0.456f) / 0.224f);
  EXPECT_FLOAT_EQ(out[2], (1 - 0.406f) / 0.225f);
  float same[3];
  normalise(std::vector<float>{0, 128, 255}, same);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(out[i], same[i], 1e-6);
}

TEST(ImageTransforms, OnePixelIsEnough) {
  PlainImage image(made_up_image(1, 1));
  ExampleRandom random(1, 0, 0);
  EXPECT_EQ(training_image(image, recipe_of(8, 9), random).width, 8);
  EXPECT_EQ(resized_centre(image, recipe_of(8, 9)).width, 8);
  EXPECT_EQ(bicubic_centre(image, recipe_of(8, 9)).size(), 192u);
}

TEST(MiniImagenet, PicturesGetABorder) {
  const uint8_t pixels[4] = {1, 2, 3, 4};
  const Image image = padded_grey(pixels, 2, 4);
  EXPECT_EQ(hexadecimal(image).substr(4 * 6, 24), "000000010101020202000000");
  EXPECT_EQ(hexadecimal(image).substr(0, 24), std::string(24, '0'));
}

}  // namespace
}  // namespace timetrial
