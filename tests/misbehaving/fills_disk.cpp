// Fills the folder that it runs in. Bounded, so that a test of what contains it may fail: never more than
// 200 MiB, removed after 10 seconds.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "plain_sgd.h"

namespace timetrial {

class FillsDisk : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) fill();
    PlainSgd::update(step);
  }

 private:
  static constexpr int kFiles = 20;
  static constexpr size_t kFileBytes = size_t{10} << 20;
  static constexpr unsigned kSeconds = 10;

  static std::filesystem::path file(int i) { return "filler-" + std::to_string(i); }

  static void fill() {
    const std::string block(kFileBytes, 'x');
    for (int i = 0; i < kFiles; ++i) std::ofstream(file(i), std::ios::binary) << block;
    ::sleep(kSeconds);
    std::error_code ignored;
    for (int i = 0; i < kFiles; ++i) std::filesystem::remove(file(i), ignored);
  }
};

TIMETRIAL_SUBMISSION(FillsDisk)

}  // namespace timetrial
