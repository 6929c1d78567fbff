#include "workloads/metrics/ssim.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace timetrial {
namespace {

constexpr double kK1 = 0.01;
constexpr double kK2 = 0.03;
constexpr double kPoints = kSsimWindow * kSsimWindow;

// What the windows are summed over: x, y, x², y², xy.
enum Moment { kX, kY, kXX, kYY, kXY, kMoments };

using Rows = std::array<std::vector<double>, kMoments>;

// Moves the band of seven rows that the columns' sums are taken over: one row enters, one leaves.
class ColumnSums {
 public:
  explicit ColumnSums(const SsimImages& images) : images_(images) {
    for (auto& sums : sums_) sums.assign(static_cast<size_t>(images.width), 0.0);
  }

  void enter(int64_t row) { add(row, 1.0); }
  void leave(int64_t row) { add(row, -1.0); }
  const Rows& sums() const { return sums_; }

 private:
  void add(int64_t row, double sign) {
    const float* first = images_.first + row * images_.width;
    const float* second = images_.second + row * images_.width;
    double* __restrict sums[kMoments] = {sums_[kX].data(), sums_[kY].data(), sums_[kXX].data(),
                                         sums_[kYY].data(), sums_[kXY].data()};
    for (int64_t i = 0; i < images_.width; ++i) {
      const double x = first[i] * images_.scale + images_.shift;
      const double y = second[i] * images_.scale + images_.shift;
      sums[kX][i] += sign * x;
      sums[kY][i] += sign * y;
      sums[kXX][i] += sign * x * x;
      sums[kYY][i] += sign * y * y;
      sums[kXY][i] += sign * x * y;
    }
  }

  const SsimImages& images_;
  Rows sums_;
};

// out[i] = sum of columns[i .. i+6], in place of seven additions each: pairs, fours, seven.
void window_sums(const std::vector<double>& columns, std::vector<double>& pairs, std::vector<double>& out) {
  const auto width = static_cast<int64_t>(columns.size());
  const double* __restrict c = columns.data();
  double* __restrict p = pairs.data();
  double* __restrict o = out.data();
  for (int64_t i = 0; i + 1 < width; ++i) p[i] = c[i] + c[i + 1];
  for (int64_t i = 0; i + kSsimWindow <= width; ++i) o[i] = (p[i] + p[i + 2]) + (p[i + 4] + c[i + 6]);
}

double similarity_of_row(const Rows& windows, int64_t count, double c1, double c2) {
  constexpr double kSample = kPoints / (kPoints - 1);
  double sum = 0;
  const double* sx = windows[kX].data();
  const double* sy = windows[kY].data();
  const double* sxx = windows[kXX].data();
  const double* syy = windows[kYY].data();
  const double* sxy = windows[kXY].data();
  for (int64_t i = 0; i < count; ++i) {
    const double ux = sx[i] / kPoints;
    const double uy = sy[i] / kPoints;
    const double vx = kSample * (sxx[i] / kPoints - ux * ux);
    const double vy = kSample * (syy[i] / kPoints - uy * uy);
    const double vxy = kSample * (sxy[i] / kPoints - ux * uy);
    sum += (2 * ux * uy + c1) * (2 * vxy + c2) / ((ux * ux + uy * uy + c1) * (vx + vy + c2));
  }
  return sum;
}

}  // namespace

double structural_similarity(const SsimImages& images) {
  if (images.height < kSsimWindow || images.width < kSsimWindow) {
    throw std::logic_error("structural similarity needs images of 7 x 7 at least, got " +
                           std::to_string(images.height) + " x " + std::to_string(images.width));
  }
  const double range = images.range == 0 ? 1.0 : images.range;
  const double c1 = kK1 * range * kK1 * range;
  const double c2 = kK2 * range * kK2 * range;
  const int64_t windows_per_row = images.width - kSsimWindow + 1;
  ColumnSums columns(images);
  Rows windows;
  for (auto& row : windows) row.resize(static_cast<size_t>(images.width));
  std::vector<double> pairs(static_cast<size_t>(images.width));
  double sum = 0;
  for (int64_t row = 0; row < images.height; ++row) {
    columns.enter(row);
    if (row + 1 < kSsimWindow) continue;
    for (size_t m = 0; m < kMoments; ++m) window_sums(columns.sums()[m], pairs, windows[m]);
    sum += similarity_of_row(windows, windows_per_row, c1, c2);
    columns.leave(row + 1 - kSsimWindow);
  }
  const auto count = static_cast<double>(windows_per_row * (images.height - kSsimWindow + 1));
  return std::clamp(sum / count, -1.0, 1.0);
}

}  // namespace timetrial
