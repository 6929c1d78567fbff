#include "entries_images.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "require.h"
#include "workloads/imagenet/encoded_image.h"
#include "workloads/imagenet/image_index.h"
#include "workloads/imagenet/packed_images.h"

namespace timetrial {
namespace {

// Larger images are only opened: decoding them would fill the time.
constexpr int64_t kMostDecodedPixels = 1 << 16;

void decode_part(std::string_view bytes, int reduction) {
  try {
    const auto image = open_image(bytes, "fuzzed");
    const int width = (image->width() + reduction - 1) / reduction;
    const int height = (image->height() + reduction - 1) / reduction;
    if (int64_t{image->width()} * image->height() > kMostDecodedPixels ||
        (reduction > 1 && !image->reducible()))
      return;
    const PixelBox box{width / 3, height / 4, width - width / 3, (height + 3) / 4};
    const Image part = image->decode(box, reduction);
    require(part.width == box.width && part.height == box.height, "the part has the size of its box");
  } catch (const UserError&) {
  }
}

// A packed file that passes the first checks.
void read_packed(const ImageIndex& index, std::string packed) {
  packed.replace(0, 8, "ttimages");
  packed.replace(8, 8, index.digest());
  packed.replace(16, 8, 8, '\0');
  packed[16] = static_cast<char>(index.count());
  const int file = memfd_create("packed", MFD_CLOEXEC);
  require(file >= 0 && write(file, packed.data(), packed.size()) == static_cast<ssize_t>(packed.size()),
          "memory file");
  try {
    const PackedImages images("/proc/self/fd/" + std::to_string(file), index);
    unsigned sum = 0;
    for (int64_t i = 0; i < index.count(); ++i) {
      for (const char byte : images.bytes(i)) sum += static_cast<unsigned char>(byte);
    }
    require(sum < ~0u, "all bytes are readable");
  } catch (const UserError&) {
  }
  close(file);
}

}  // namespace

void fuzz_image(std::string_view bytes) {
  try {
    const auto image = open_image(bytes, "fuzzed");
    require(image->width() > 0 && image->height() > 0, "an image has pixels");
    if (int64_t{image->width()} * image->height() > kMostDecodedPixels) return;
    image->decode({0, 0, image->width(), image->height()}, 1);
  } catch (const UserError&) {
  }
  decode_part(bytes, 1);
  decode_part(bytes, 2);
}

void fuzz_image_index(std::string_view bytes) {
  const size_t end = bytes.find('\0');
  try {
    const ImageIndex index = ImageIndex::parse(std::string(bytes.substr(0, end)), "fuzzed");
    for (int64_t i = 0; i < index.count(); ++i) {
      require(index.label(i) < index.classes() && !index.file_name(i).empty(),
              "an image has a class and a name");
    }
    for (const std::string& name : index.class_names()) require(!name.empty(), "a class has a name");
    if (end == std::string_view::npos || bytes.size() - end < 25 || index.count() > 127) return;
    read_packed(index, std::string(bytes.substr(end + 1)));
  } catch (const UserError&) {
  }
}

}  // namespace timetrial
