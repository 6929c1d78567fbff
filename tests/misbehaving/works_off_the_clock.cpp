// Has a thread that computes all the time, while the clock stands as well.

#include <atomic>
#include <thread>

#include <pthread.h>

#include "timetrial/submission.h"

namespace timetrial {

class WorksOffTheClock : public Submission {
 public:
  ~WorksOffTheClock() override {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    step.backward();
    at::NoGradGuard no_grad;
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), 0.1);
    }
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  void work() {
    ::pthread_setname_np(::pthread_self(), "busy-elsewhere");
    while (!stopping_) ++computed_;
  }

  ParameterList parameters_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> computed_{0};
  std::thread thread_;
};

TIMETRIAL_SUBMISSION(WorksOffTheClock)

}  // namespace timetrial
