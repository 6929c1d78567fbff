#include "workloads/imagenet/encoded_image.h"

#include "harness/errors/user_error.h"
#include "workloads/imagenet/jpeg_image.h"
#include "workloads/imagenet/png_image.h"

namespace timetrial {
namespace {

std::unique_ptr<EncodedImage> open_by_content(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xFF\xD8")) return open_jpeg(bytes, name);
  if (bytes.starts_with("\x89PNG")) return open_png(bytes, name);
  throw UserError(
      {"this is neither a JPEG nor a PNG", name,
       bytes.empty() ? "an empty file" : std::to_string(bytes.size()) + " bytes of another format",
       "copy or unpack this file again"});
}

}  // namespace

std::unique_ptr<EncodedImage> open_image(std::string_view bytes, const std::string& name) {
  std::unique_ptr<EncodedImage> image = open_by_content(bytes, name);
  if (int64_t{image->width()} * image->height() > kMostPixels) {
    throw UserError({"the image has more than " + std::to_string(kMostPixels) + " pixels", name,
                     std::to_string(image->width()) + "x" + std::to_string(image->height()),
                     "copy or unpack this file again"});
  }
  return image;
}

Image decode_image(std::string_view bytes, const std::string& name) {
  const std::unique_ptr<EncodedImage> image = open_image(bytes, name);
  return image->decode({0, 0, image->width(), image->height()}, 1);
}

}  // namespace timetrial
