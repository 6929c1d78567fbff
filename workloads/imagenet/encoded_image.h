#pragma once

// Decoding, with the results of Pillow's Image.open(f).convert("RGB"), by which the reference reads images:
// libjpeg's accurate integer DCT and smooth chroma upsampling; grey becomes three equal channels; CMYK and
// YCCK are taken as Adobe writes them, inverted; alpha is dropped. What a file is says its content, not its
// name (one image of ImageNet's train split, n02105855_2933.JPEG, is a PNG). libjpeg's warnings about odd but
// readable data are passed over, as Pillow does; missing data is an error.

#include <memory>
#include <string>
#include <string_view>

#include "workloads/imagenet/image.h"

namespace timetrial {

// More pixels than this are refused before memory is taken: Pillow's limit against decompression bombs.
inline constexpr int64_t kMostPixels = 178956970;

// An opened image. Not for several threads at once.
class EncodedImage {
 public:
  virtual ~EncodedImage() = default;

  virtual int width() const = 0;
  virtual int height() const = 0;

  // The box of the image at 1/`reduction` of its size (1, 2, 4 or 8); coordinates are those of the reduced
  // image of ceil(width / reduction) columns. At 1 the pixels are those of the whole image. To be called
  // once. Throws UserError when the data ends early or is damaged beyond reading.
  virtual Image decode(const PixelBox& box, int reduction) = 0;

  // Whether decode() takes another reduction than 1.
  virtual bool reducible() const = 0;
};

// Reads the header of a JPEG or PNG. `bytes` must stay as long as the result; `name` is for messages. Throws
// UserError for anything else and for too many pixels.
std::unique_ptr<EncodedImage> open_image(std::string_view bytes, const std::string& name);

Image decode_image(std::string_view bytes, const std::string& name);

}  // namespace timetrial
