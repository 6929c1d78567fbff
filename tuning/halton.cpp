#include "tuning/halton.h"

#include <cmath>

#include "tuning/mt19937_legacy.h"

namespace timetrial {

namespace {

constexpr uint64_t kSkippedPoints = 100;
constexpr uint32_t kSieveStep = 1000;

std::vector<uint32_t> odd_primes_below(uint32_t limit) {
  std::vector<bool> composite(limit, false);
  std::vector<uint32_t> primes;
  for (uint32_t candidate = 3; candidate < limit; candidate += 2) {
    if (composite[candidate]) continue;
    primes.push_back(candidate);
    for (uint64_t multiple = uint64_t{candidate} * candidate; multiple < limit; multiple += 2 * candidate) {
      composite[multiple] = true;
    }
  }
  return primes;
}

}  // namespace

std::vector<uint32_t> halton_bases(std::size_t dimensions) {
  std::vector<uint32_t> primes;
  for (uint32_t limit = kSieveStep; primes.size() < dimensions + 1; limit += kSieveStep) {
    primes = odd_primes_below(limit);
  }
  const auto last = primes.end() - 1;
  return {last - static_cast<std::ptrdiff_t>(dimensions), last};
}

HaltonScramble halton_scramble(uint32_t base) {
  LegacyRandomState random(base);
  std::vector<uint32_t> digits;
  for (uint32_t digit = 1; digit < base; ++digit) digits.push_back(digit);
  random.shuffle(digits);
  HaltonScramble scramble{base, {0}, 0};
  scramble.permutation.insert(scramble.permutation.end(), digits.begin(), digits.end());
  scramble.shift = random.random_sample();  // from the same stream, after the shuffle
  return scramble;
}

double scrambled_radical_inverse(uint64_t index, const HaltonScramble& scramble) {
  double sum = 0;
  double denominator = scramble.base;
  for (; index > 0; index /= scramble.base, denominator *= scramble.base) {
    sum += scramble.permutation[index % scramble.base] / denominator;
  }
  return sum;
}

std::vector<std::vector<double>> halton_points(std::size_t count, std::size_t dimensions) {
  std::vector<std::vector<double>> points(count);
  for (const uint32_t base : halton_bases(dimensions)) {
    const HaltonScramble scramble = halton_scramble(base);
    for (std::size_t i = 0; i < count; ++i) {
      const double inverse = scrambled_radical_inverse(kSkippedPoints + i + 1, scramble);
      points[i].push_back(std::fmod(inverse + scramble.shift, 1.0));
    }
  }
  return points;
}

}  // namespace timetrial
