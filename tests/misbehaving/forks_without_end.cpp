// Starts processes that start processes. Bounded, so that a test of what contains it may fail: never more
// than 64 in all, none for longer than 20 seconds.

#include <atomic>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "plain_sgd.h"

namespace timetrial {

class ForksWithoutEnd : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) multiply();
    PlainSgd::update(step);
  }

 private:
  static constexpr int kMostProcesses = 64;
  static constexpr unsigned kSeconds = 20;

  static void multiply() {
    void* page =
        ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    auto* started = new (page) std::atomic<int>(0);
    bool is_child = false;
    while (started->fetch_add(1) < kMostProcesses) {
      const pid_t process = ::fork();
      if (process < 0) break;
      if (process == 0) {
        is_child = true;
        ::prctl(PR_SET_NAME, "zoo-bomb");
        ::alarm(kSeconds);
      }
    }
    ::sleep(kSeconds);
    if (is_child) ::_exit(0);
  }
};

TIMETRIAL_SUBMISSION(ForksWithoutEnd)

}  // namespace timetrial
