#include "workloads/imagenet/encoded_image.h"

#include "expect_user_error.h"
#include "image_files.h"
#include "image_vectors.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

// A part of a whole image.
Image cut(const Image& image, const PixelBox& box) {
  Image part(box.width, box.height);
  for (int y = 0; y < box.height; ++y) {
    std::copy_n(image.row(box.top + y) + box.left * kChannels, box.width * kChannels, part.row(y));
  }
  return part;
}

std::string vector_bytes(const std::string& name) {
  for (const auto& vector : image_vectors().at("encoded")) {
    if (vector.at("name") == name) return from_hexadecimal(vector.at("bytes").get<std::string>());
  }
  ADD_FAILURE() << "no vector " << name;
  return {};
}

TEST(EncodedImage, DecodesEveryKindAsPillowDoes) {
  for (const auto& vector : image_vectors().at("encoded")) {
    SCOPED_TRACE(vector.at("name").get<std::string>());
    const Image image = decode_image(from_hexadecimal(vector.at("bytes").get<std::string>()), "vector");
    EXPECT_EQ(image.width, vector.at("width").get<int>());
    EXPECT_EQ(image.height, vector.at("height").get<int>());
    EXPECT_EQ(hexadecimal(image), vector.at("pixels").get<std::string>());
  }
}

TEST(EncodedImage, APartIsThatPartOfTheWhole) {
  for (const auto& vector : image_vectors().at("encoded")) {
    SCOPED_TRACE(vector.at("name").get<std::string>());
    const std::string bytes = from_hexadecimal(vector.at("bytes").get<std::string>());
    const Image whole = decode_image(bytes, "vector");
    for (int left = 0; left < whole.width; ++left) {
      for (int top = 0; top < whole.height; ++top) {
        const PixelBox box{left, top, std::min(5, whole.width - left), std::min(7, whole.height - top)};
        ASSERT_EQ(open_image(bytes, "vector")->decode(box, 1).pixels, cut(whole, box).pixels)
            << left << " " << top;
      }
    }
  }
}

TEST(EncodedImage, APartOfALargerJpegIsThatPartOfTheWhole) {
  const std::string bytes = encode_jpeg(photo_like_image(211, 157), 90);
  const Image whole = decode_image(bytes, "photo");
  for (const PixelBox& box : {PixelBox{16, 16, 64, 32}, PixelBox{31, 47, 100, 77}, PixelBox{1, 1, 209, 155},
                              PixelBox{100, 0, 1, 157}, PixelBox{0, 156, 211, 1}, PixelBox{210, 33, 1, 17}}) {
    EXPECT_EQ(open_image(bytes, "photo")->decode(box, 1).pixels, cut(whole, box).pixels)
        << box.left << " " << box.top;
  }
}

TEST(EncodedImage, AReducedPartIsThatPartOfTheReducedWhole) {
  const std::string bytes = encode_jpeg(photo_like_image(211, 157), 90);
  for (const int reduction : {2, 4, 8}) {
    const int width = (211 + reduction - 1) / reduction, height = (157 + reduction - 1) / reduction;
    const Image whole = open_image(bytes, "photo")->decode({0, 0, width, height}, reduction);
    const PixelBox box{3, 5, width - 7, height - 9};
    EXPECT_EQ(open_image(bytes, "photo")->decode(box, reduction).pixels, cut(whole, box).pixels) << reduction;
  }
}

TEST(EncodedImage, EveryTruncationIsAnErrorThatNamesTheFile) {
  for (const char* name : {"4:2:0", "progressive", "PNG"}) {
    const std::string whole = vector_bytes(name);
    // Without its last marker the data is still there.
    const size_t complete = whole.size() - (std::string(name) == "PNG" ? 16 : 3);
    for (size_t size = 0; size < complete; ++size) {
      EXPECT_THAT(user_error_of([&] { decode_image(whole.substr(0, size), "n01/broken.JPEG"); }),
                  HasSubstr("n01/broken.JPEG"))
          << name << " " << size;
    }
  }
}

TEST(EncodedImage, DataThatIsMissingBelowTheBoxIsNotNoticed) {
  const std::string bytes = encode_jpeg(photo_like_image(64, 256), 90);
  const Image whole = decode_image(bytes, "photo");
  const std::string half = bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(open_image(half, "photo")->decode({0, 0, 64, 32}, 1).pixels, cut(whole, {0, 0, 64, 32}).pixels);
  EXPECT_THAT(user_error_of([&] { decode_image(half, "photo"); }), HasSubstr("photo"));
}

TEST(EncodedImage, AnotherFormatIsRefused) {
  for (const std::string text : {"", "GIF89a..", "<html>not found</html>", "\xFF", "\x89P"}) {
    EXPECT_THAT(user_error_of([&] { decode_image(text, "x.JPEG"); }), HasSubstr("neither a JPEG nor a PNG"));
  }
}

TEST(EncodedImage, AHugeImageIsRefusedBeforeMemoryIsTaken) {
  std::string bytes = vector_bytes("4:2:0");
  const size_t frame = bytes.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  for (size_t i = 0; i < 4; ++i) bytes[frame + 5 + i] = '\xF0';  // height and width 61,680
  EXPECT_THAT(user_error_of([&] { decode_image(bytes, "x.JPEG"); }), HasSubstr("61680x61680"));
}

TEST(EncodedImage, TwoColourComponentsAreRefused) {
  std::string bytes = vector_bytes("grey");
  const size_t frame = bytes.find("\xFF\xC0");
  bytes[frame + 9] = 2;
  EXPECT_THAT(user_error_of([&] { decode_image(bytes, "x.JPEG"); }), HasSubstr("x.JPEG"));
}

}  // namespace
}  // namespace timetrial
