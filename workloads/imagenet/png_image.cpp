#include "workloads/imagenet/png_image.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <png.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

struct Reader {
  std::string_view left;
  char message[200];
};

[[noreturn]] void leave(png_structp png, png_const_charp message) {
  auto* reader = static_cast<Reader*>(png_get_error_ptr(png));
  std::snprintf(reader->message, sizeof(reader->message), "%s", message);
  png_longjmp(png, 1);
}

void pass_over(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, size_t count) {
  auto* reader = static_cast<Reader*>(png_get_io_ptr(png));
  if (reader->left.size() < count) png_error(png, "premature end of the file");
  std::memcpy(out, reader->left.data(), count);
  reader->left.remove_prefix(count);
}

class PngImage : public EncodedImage {
 public:
  PngImage(std::string_view bytes, const std::string& name) : name_(name), reader_{bytes, {}} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader_, leave, pass_over);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    try {
      guarded([&] {
        png_set_read_fn(png_, &reader_, read_bytes);
        png_set_user_limits(png_, 65535, 65535);  // as for JPEG
        png_read_info(png_, info_);
        png_set_expand(png_);  // palettes, and grey of fewer than 8 bits
        png_set_strip_16(png_);
        png_set_strip_alpha(png_);
        png_set_gray_to_rgb(png_);
        png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
      });
    } catch (...) {
      png_destroy_read_struct(&png_, &info_, nullptr);
      throw;
    }
  }

  ~PngImage() override { png_destroy_read_struct(&png_, &info_, nullptr); }

  int width() const override { return static_cast<int>(png_get_image_width(png_, info_)); }
  int height() const override { return static_cast<int>(png_get_image_height(png_, info_)); }
  bool reducible() const override { return false; }

  Image decode(const PixelBox& box, int reduction) override {
    if (reduction != 1) throw std::logic_error("a PNG is not decoded at a reduced size");
    Image whole(width(), height());
    std::vector<png_bytep> rows;
    for (int y = 0; y < whole.height; ++y) rows.push_back(whole.row(y));
    guarded([&] { png_read_image(png_, rows.data()); });
    Image part(box.width, box.height);
    for (int y = 0; y < box.height; ++y) {
      const uint8_t* from = whole.row(box.top + y) + box.left * kChannels;
      std::copy_n(from, static_cast<size_t>(box.width) * kChannels, part.row(y));
    }
    return part;
  }

 private:
  // Calls of libpng. Errors come back by longjmp, which must not pass over anything that has a destructor.
  template <typename Calls>
  void guarded(const Calls& calls) {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      throw UserError({std::string("the PNG cannot be decoded: ") + reader_.message, name_, "",
                       "copy or unpack this file again"});
    }
    calls();
  }

  std::string name_;
  Reader reader_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

std::unique_ptr<EncodedImage> open_png(std::string_view bytes, const std::string& name) {
  return std::make_unique<PngImage>(bytes, name);
}

}  // namespace timetrial
