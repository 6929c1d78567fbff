#include "workloads/librispeech/g722.h"

#include <algorithm>
#include <array>

// Names of quantities follow the recommendation (its block 4 and tables 7 to 21): r reconstructed signal,
// d quantised difference, p partially reconstructed signal, a and b coefficients of poles and zeros.

namespace timetrial {
namespace {

int saturate(int value) {
  return std::clamp(value, -32768, 32767);
}

// Predictor of one band with two poles and six zeros, adapted by the signs of what it sees.
class Predictor {
 public:
  int signal() const { return saturate(poles_ + zeros_); }

  void update(int difference) {
    const int reconstructed = saturate(signal() + difference);
    const int partial = saturate(zeros_ + difference);
    adapt_poles(partial);
    adapt_zeros(difference);
    std::copy_backward(differences_.begin(), differences_.end() - 1, differences_.end());
    differences_[0] = difference;
    r_ = {reconstructed, r_[0]};
    p_ = {partial, p_[0]};
    poles_ = saturate((a_[0] * saturate(2 * r_[0]) >> 15) + (a_[1] * saturate(2 * r_[1]) >> 15));
    zeros_ = 0;
    for (size_t i = b_.size(); i-- > 0;) {
      zeros_ = saturate(zeros_ + (b_[i] * saturate(2 * differences_[i]) >> 15));
    }
  }

 private:
  static bool same_sign(int first, int second) { return (first < 0) == (second < 0); }

  void adapt_poles(int partial) {
    const bool alike = same_sign(partial, p_[0]);
    const int step = std::min(alike ? -saturate(4 * a_[0]) : saturate(4 * a_[0]), 32767) >> 7;
    const int second = step + (same_sign(partial, p_[1]) ? 128 : -128) + (a_[1] * 32512 >> 15);
    a_[1] = std::clamp(second, -12288, 12288);
    const int limit = 15360 - a_[1];
    a_[0] = std::clamp((alike ? 192 : -192) + (a_[0] * 32640 >> 15), -limit, limit);
  }

  void adapt_zeros(int difference) {
    const int step = difference == 0 ? 0 : 128;
    for (size_t i = 0; i < b_.size(); ++i) {
      const int towards = same_sign(difference, differences_[i]) ? step : -step;
      b_[i] = saturate(towards + (b_[i] * 32640 >> 15));
    }
  }

  std::array<int, 2> a_{};
  std::array<int, 6> b_{};
  std::array<int, 2> r_{};
  std::array<int, 2> p_{};
  std::array<int, 6> differences_{};
  int poles_ = 0;
  int zeros_ = 0;
};

// Quantiser step of one band, kept as its logarithm (11 fractional bits).
class Step {
 public:
  Step(int initial, int largest, int shift) : value_(initial), largest_(largest), shift_(shift) {}

  int value() const { return value_; }

  void adapt(int change) {
    static constexpr std::array<int, 32> kPowers = {
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008};
    log_ = std::clamp((log_ * 127 >> 7) + change, 0, largest_);
    const int power = kPowers[static_cast<size_t>(log_ >> 6 & 31)];
    const int shift = shift_ - (log_ >> 11);
    value_ = (shift < 0 ? power << -shift : power >> shift) << 2;
  }

 private:
  int log_ = 0;
  int value_;
  int largest_;
  int shift_;
};

class LowerBand {
 public:
  // `code` has 6 bits. The predictor follows the coarser value of its upper 4 bits.
  int decode(int code) {
    static constexpr std::array<int, 64> kFine = {
        -136,  -136,  -136,  -136,  -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232,
        -9360, -8576, -7856, -7192, -6576,  -6000,  -5456,  -4944,  -4464,  -4008,  -3576,  -3168,  -2776,
        -2400, -2032, -1688, -1360, -1040,  -728,   24808,  21904,  19008,  16704,  14984,  13512,  12280,
        11192, 10232, 9360,  8576,  7856,   7192,   6576,   6000,   5456,   4944,   4464,   4008,   3576,
        3168,  2776,  2400,  2032,  1688,   1360,   1040,   728,    432,    136,    -432,   -136};
    static constexpr std::array<int, 16> kCoarse = {0,     -20456, -12896, -8968, -6288, -4240, -2584, -1200,
                                                    20456, 12896,  8968,   6288,  4240,  2584,  1200,  0};
    static constexpr std::array<int, 16> kChange = {-60,  3042, 1198, 538, 334, 172, 58,  -30,
                                                    3042, 1198, 538,  334, 172, 58,  -30, -60};
    const auto coarse = static_cast<size_t>(code >> 2);
    const int fine = step_.value() * kFine[static_cast<size_t>(code)] >> 15;
    const int result = std::clamp(predictor_.signal() + fine, -16384, 16383);
    const int difference = step_.value() * kCoarse[coarse] >> 15;
    step_.adapt(kChange[coarse]);
    predictor_.update(difference);
    return result;
  }

 private:
  Predictor predictor_;
  Step step_{32, 18432, 8};
};

class HigherBand {
 public:
  // `code` has 2 bits.
  int decode(int code) {
    static constexpr std::array<int, 4> kValues = {-7408, -1616, 7408, 1616};
    static constexpr std::array<int, 4> kChange = {798, -214, 798, -214};
    const auto index = static_cast<size_t>(code);
    const int difference = step_.value() * kValues[index] >> 15;
    const int result = std::clamp(predictor_.signal() + difference, -16384, 16383);
    step_.adapt(kChange[index]);
    predictor_.update(difference);
    return result;
  }

 private:
  Predictor predictor_;
  Step step_{8, 22528, 10};
};

// Quadrature mirror filter: two bands of 8 kHz become 16 kHz.
class Synthesis {
 public:
  void join(int lower, int higher, std::vector<int16_t>& samples) {
    static constexpr std::array<int, 12> kFilter = {3,    -11,  12,  32,   -210, 951,
                                                    3876, -805, 362, -156, 53,   -11};
    std::copy(sums_.begin() + 1, sums_.end(), sums_.begin());
    std::copy(differences_.begin() + 1, differences_.end(), differences_.begin());
    sums_.back() = lower + higher;
    differences_.back() = lower - higher;
    int first = 0;
    int second = 0;
    for (size_t i = 0; i < kFilter.size(); ++i) {
      first += differences_[i] * kFilter[kFilter.size() - 1 - i];
      second += sums_[i] * kFilter[i];
    }
    samples.push_back(static_cast<int16_t>(saturate(first >> 11)));
    samples.push_back(static_cast<int16_t>(saturate(second >> 11)));
  }

 private:
  std::array<int, 12> sums_{};
  std::array<int, 12> differences_{};
};

}  // namespace

std::vector<int16_t> decode_g722(std::string_view bytes) {
  LowerBand lower;
  HigherBand higher;
  Synthesis synthesis;
  std::vector<int16_t> samples;
  samples.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const int code = static_cast<uint8_t>(byte);
    const int low = lower.decode(code & 63);
    synthesis.join(low, higher.decode(code >> 6), samples);
  }
  return samples;
}

}  // namespace timetrial
