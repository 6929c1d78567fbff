// Has a thread that computes all the time, while the clock stands as well.

#include <atomic>
#include <thread>

#include <pthread.h>

#include "plain_sgd.h"

namespace timetrial {

class WorksOffTheClock : public PlainSgd {
 public:
  ~WorksOffTheClock() override {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  void update(Step& step) override {
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    PlainSgd::update(step);
  }

 private:
  void work() {
    ::pthread_setname_np(::pthread_self(), "busy-elsewhere");
    while (!stopping_) ++computed_;
  }

  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> computed_{0};
  std::thread thread_;
};

TIMETRIAL_SUBMISSION(WorksOffTheClock)

}  // namespace timetrial
