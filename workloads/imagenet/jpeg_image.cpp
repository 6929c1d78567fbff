#include "workloads/imagenet/jpeg_image.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <jerror.h>
#include <jpeglib.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

// Scans of a progressive file; more only exist to keep a decoder busy.
constexpr int kMostScans = 500;
// Smooth upsampling of chroma looks one chroma sample, two pixels, to each side.
constexpr int kNeighbours = 2;

struct ErrorTrap {
  jpeg_error_mgr manager;  // first member: libjpeg hands out a pointer to it
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* trap = reinterpret_cast<ErrorTrap*>(info->err);
  info->err->format_message(info, trap->message);
  std::longjmp(trap->jump, 1);
}

void pass_over(j_common_ptr, int) {}

// libjpeg's own memory source makes up an end of the file; a truncated image would be half grey.
boolean end_of_data(j_decompress_ptr info) {
  ERREXIT(info, JERR_INPUT_EOF);
  return FALSE;
}

void limit_scans(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) {
    ERREXIT(info, JERR_BAD_PROGRESSION);
  }
}

// Pillow's conversion of inverted CMYK.
void rgb_from_cmyk(const uint8_t* cmyk, int pixels, uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i) {
    const int white = cmyk[4 * i + 3];  // 255 - black
    for (int channel = 0; channel < kChannels; ++channel) {
      const int product = (255 - cmyk[4 * i + channel]) * white + 128;
      const int ink = ((product >> 8) + product) >> 8;
      rgb[kChannels * i + channel] = static_cast<uint8_t>(white > ink ? white - ink : 0);
    }
  }
}

class JpegImage : public EncodedImage {
 public:
  JpegImage(std::string_view bytes, const std::string& name) : name_(name) {
    info_.err = jpeg_std_error(&trap_.manager);
    trap_.manager.error_exit = leave;
    trap_.manager.emit_message = pass_over;
    progress_.progress_monitor = limit_scans;
    try {
      guarded([&] {
        jpeg_create_decompress(&info_);
        info_.progress = &progress_;
        jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        info_.src->fill_input_buffer = end_of_data;
        jpeg_read_header(&info_, TRUE);
      });
    } catch (...) {
      jpeg_destroy_decompress(&info_);
      throw;
    }
  }

  ~JpegImage() override { jpeg_destroy_decompress(&info_); }

  int width() const override { return static_cast<int>(info_.image_width); }
  int height() const override { return static_cast<int>(info_.image_height); }
  bool reducible() const override { return true; }

  Image decode(const PixelBox& box, int reduction) override {
    guarded([&] { start(reduction); });
    const int full_width = static_cast<int>(info_.output_width);
    if (box.left < 0 || box.top < 0 || box.width < 1 || box.height < 1 || box.left + box.width > full_width ||
        box.top + box.height > static_cast<int>(info_.output_height)) {
      throw std::logic_error("the box to decode is not inside the image");
    }
    // Only the blocks of the box are transformed; what lies below it is not even read.
    JDIMENSION first = static_cast<JDIMENSION>(std::max(box.left - kNeighbours, 0));
    JDIMENSION columns =
        static_cast<JDIMENSION>(std::min(box.left + box.width + kNeighbours, full_width)) - first;
    guarded([&] {
      jpeg_crop_scanline(&info_, &first, &columns);
      if (box.top > 0) jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(box.top));
    });
    const auto components = static_cast<size_t>(info_.output_components);
    std::vector<uint8_t> line(columns * components);
    const uint8_t* wanted = line.data() + (static_cast<size_t>(box.left) - first) * components;
    Image image(box.width, box.height);
    guarded([&] {
      JSAMPROW rows[1] = {line.data()};
      for (int y = 0; y < box.height; ++y) {
        jpeg_read_scanlines(&info_, rows, 1);
        if (components == kChannels) {
          std::memcpy(image.row(y), wanted, static_cast<size_t>(box.width) * kChannels);
        } else {
          rgb_from_cmyk(wanted, box.width, image.row(y));
        }
      }
    });
    return image;
  }

 private:
  void start(int reduction) {
    const bool four_inks = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = four_inks ? JCS_CMYK : JCS_RGB;
    info_.scale_num = 1;
    info_.scale_denom = static_cast<unsigned>(reduction);
    jpeg_start_decompress(&info_);
  }

  // Calls of libjpeg. Errors come back by longjmp, which must not pass over anything that has a destructor.
  template <typename Calls>
  void guarded(const Calls& calls) {
    if (setjmp(trap_.jump) != 0) {
      throw UserError({std::string("the JPEG cannot be decoded: ") + trap_.message, name_, "",
                       "copy or unpack this file again"});
    }
    calls();
  }

  std::string name_;
  jpeg_decompress_struct info_{};
  jpeg_progress_mgr progress_{};
  ErrorTrap trap_{};
};

}  // namespace

std::unique_ptr<EncodedImage> open_jpeg(std::string_view bytes, const std::string& name) {
  return std::make_unique<JpegImage>(bytes, name);
}

}  // namespace timetrial
