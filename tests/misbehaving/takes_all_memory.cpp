// Takes memory and fills it. Bounded, so that a test of what contains it may fail: never more than 2 GiB, for
// no longer than 10 seconds.

#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "plain_sgd.h"

namespace timetrial {

class TakesAllMemory : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) take();
    PlainSgd::update(step);
  }

 private:
  static constexpr size_t kBlock = size_t{64} << 20;
  static constexpr size_t kBlocks = 32;
  static constexpr unsigned kSeconds = 10;

  static void take() {
    std::vector<void*> blocks;
    while (blocks.size() < kBlocks) {
      void* block = ::mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (block == MAP_FAILED) break;
      std::memset(block, 1, kBlock);
      blocks.push_back(block);
    }
    ::sleep(kSeconds);
    for (void* block : blocks) ::munmap(block, kBlock);
  }
};

TIMETRIAL_SUBMISSION(TakesAllMemory)

}  // namespace timetrial
