#include "workloads/fastmri/nifti_file.h"

#include <cmath>
#include <cstring>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr size_t kHeaderBytes = 348;
constexpr int64_t kMostVoxelsPerSide = 4096;
constexpr int64_t kMostVoxels = int64_t{1} << 28;

// Offsets and codes of the NIfTI-1 header.
constexpr size_t kDimensions = 40;  // int16 [8]: how many, then their sizes
constexpr size_t kDataType = 70;
constexpr size_t kFirstVoxel = 108;
constexpr size_t kSlope = 112;
constexpr size_t kIntercept = 116;
constexpr size_t kMagic = 344;
enum DataType : int16_t { kUint8 = 2, kInt16 = 4, kFloat32 = 16, kFloat64 = 64, kUint16 = 512 };

template <typename Value>
Value value_at(std::string_view bytes, size_t offset) {
  Value value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

class NiftiParser {
 public:
  NiftiParser(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Voxels parse() const {
    if (bytes_.size() < kHeaderBytes)
      fail("the file is shorter than a NIfTI header", std::to_string(bytes_.size()));
    if (value_at<int32_t>(bytes_, 0) != static_cast<int32_t>(kHeaderBytes) ||
        bytes_.substr(kMagic, 4) != std::string_view("n+1\0", 4)) {
      fail("the file is no little-endian NIfTI-1 file", "");
    }
    Voxels voxels;
    voxels.size = size();
    const int64_t count = voxels.size[0] * voxels.size[1] * voxels.size[2];
    switch (value_at<int16_t>(bytes_, kDataType)) {
      case kUint8:
        voxels.values = values<uint8_t>(count);
        break;
      case kInt16:
        voxels.values = values<int16_t>(count);
        break;
      case kUint16:
        voxels.values = values<uint16_t>(count);
        break;
      case kFloat32:
        voxels.values = values<float>(count);
        break;
      case kFloat64:
        voxels.values = values<double>(count);
        break;
      default:
        fail("the type of the voxels is not supported", std::to_string(value_at<int16_t>(bytes_, kDataType)));
    }
    return voxels;
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& value) const {
    throw UserError(
        {what, name_, value, "take the file of the package again, or report the package's version"});
  }

  std::array<int64_t, 3> size() const {
    const auto dimension = [&](size_t i) { return int64_t{value_at<int16_t>(bytes_, kDimensions + 2 * i)}; };
    std::array<int64_t, 3> size{};
    bool fits = dimension(0) >= 3 && dimension(0) <= 7;
    for (size_t i = 0; i < 3; ++i) {
      size[i] = dimension(i + 1);
      fits = fits && size[i] >= 1 && size[i] <= kMostVoxelsPerSide;
    }
    for (size_t i = 4; fits && i <= static_cast<size_t>(dimension(0)); ++i) fits = dimension(i) == 1;
    if (!fits || size[0] * size[1] * size[2] > kMostVoxels) fail("the file does not hold one volume", "");
    return size;
  }

  template <typename Stored>
  std::vector<float> values(int64_t count) const {
    const double offset = value_at<float>(bytes_, kFirstVoxel);
    const auto bytes = static_cast<double>(count) * sizeof(Stored);
    if (!(offset >= kHeaderBytes) || offset + bytes > static_cast<double>(bytes_.size())) {
      fail("the file ends before its voxels do", std::to_string(bytes_.size()) + " bytes");
    }
    const float slope = value_at<float>(bytes_, kSlope);
    const float intercept = value_at<float>(bytes_, kIntercept);
    const bool scaled = slope != 0;  // 0 means: as stored
    std::vector<float> values(static_cast<size_t>(count));
    const auto first = static_cast<size_t>(offset);
    for (size_t i = 0; i < values.size(); ++i) {
      const auto stored = static_cast<float>(value_at<Stored>(bytes_, first + i * sizeof(Stored)));
      values[i] = scaled ? stored * slope + intercept : stored;
      if (!std::isfinite(values[i])) fail("a voxel is not finite", "voxel " + std::to_string(i));
    }
    return values;
  }

  std::string_view bytes_;
  const std::string& name_;
};

}  // namespace

Voxels parse_nifti(std::string_view bytes, const std::string& name) {
  return NiftiParser(bytes, name).parse();
}

Voxels read_nifti(const std::filesystem::path& file) {
  return parse_nifti(read_gzip_or_plain(file), file.string());
}

}  // namespace timetrial
