#include "workloads/tpugraphs/configuration_draw.h"

#include <algorithm>

#include "workloads/data/example_random.h"

namespace timetrial {

std::vector<uint32_t> draw_configurations(int64_t available, int64_t count, uint64_t seed, int64_t epoch,
                                          int64_t program) {
  ExampleRandom random(seed, epoch, program);
  std::vector<uint32_t> drawn;
  while (std::ssize(drawn) < count) {
    const auto next = static_cast<uint32_t>(random.below(static_cast<int>(available)));
    // Few are drawn of many: a second try is rare.
    const bool again = available >= count && std::find(drawn.begin(), drawn.end(), next) != drawn.end();
    if (!again) drawn.push_back(next);
  }
  return drawn;
}

}  // namespace timetrial
