// A well-behaved one of this folder: it has a thread that works from update to update, and rests whenever the
// clock stands.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "plain_sgd.h"

namespace timetrial {

class RestsOffTheClock : public PlainSgd {
 public:
  ~RestsOffTheClock() override {
    tell(Wish::end);
    if (thread_.joinable()) thread_.join();
  }
  void initialize(const Initialization& initialization) override {
    PlainSgd::initialize(initialization);
    thread_ = std::thread([this] { run(); });
  }
  void update(Step& step) override {
    tell(Wish::work);
    PlainSgd::update(step);
  }
  void prepare_for_eval(Model& /*model*/, TrainingQueue& /*queue*/) override { rest(); }
  void save(State& /*state*/) const override { rest(); }

 private:
  enum class Wish { rest, work, end };

  void tell(Wish wish) const {
    const std::lock_guard<std::mutex> guard(mutex_);
    wish_ = wish;
    changed_.notify_all();
  }
  void rest() const {
    std::unique_lock<std::mutex> lock(mutex_);
    if (wish_ == Wish::work) wish_ = Wish::rest;
    changed_.wait(lock, [this] { return !working_; });
  }
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return wish_ != Wish::rest; });
      if (wish_ == Wish::end) return;
      working_ = true;
      lock.unlock();
      for (int i = 0; i < 1000; ++i) computed_ = computed_ * 1.0000001 + 1;
      lock.lock();
      working_ = false;
      changed_.notify_all();
    }
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable Wish wish_ = Wish::rest;
  bool working_ = false;
  volatile double computed_ = 0;
  std::thread thread_;
};

TIMETRIAL_SUBMISSION(RestsOffTheClock)

}  // namespace timetrial
