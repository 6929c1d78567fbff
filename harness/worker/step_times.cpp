#include "harness/worker/step_times.h"

namespace timetrial {

void StepTimes::begin_sample() {
  resolve();
  sampling_ = true;
  part_ = StepPart::residual;
  note(Stamp::Kind::begin);
}

void StepTimes::choose_next(int64_t step) {
  const bool first = next_ < 0;
  next_ = next_sampled_step(seed_, step + (first ? kUnsampledSteps : 1), every_);
}

void StepTimes::resolve() {
  while (!stamps_.empty()) {
    const std::optional<double> moment = device_.take_stamp();
    if (!moment) return;
    const Stamp stamp = stamps_.front();
    stamps_.pop_front();
    if (stamp.kind == Stamp::Kind::begin) {
      begin_ = *moment;
      parts_ = {};
    } else {
      parts_[static_cast<std::size_t>(stamp.part)] += *moment - last_;
    }
    last_ = *moment;
    if (stamp.kind == Stamp::Kind::end) count(parts_, *moment - begin_);
  }
}

void StepTimes::count(const std::array<double, kStepParts>& parts, double step) {
  const auto of = [&](StepPart part) { return parts[static_cast<std::size_t>(part)]; };
  ++record_.sampled_steps;
  record_.data_wait += of(StepPart::data_wait);
  record_.host_to_device += of(StepPart::host_to_device);
  record_.forward += of(StepPart::forward);
  record_.backward += of(StepPart::backward);
  record_.gradient_averaging += of(StepPart::gradient_averaging);
  record_.update += of(StepPart::update);
  record_.residual += of(StepPart::residual);
  record_.step += step;
}

}  // namespace timetrial
