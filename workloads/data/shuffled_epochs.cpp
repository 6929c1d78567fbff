#include "workloads/data/shuffled_epochs.h"

#include <string>

#include "harness/errors/user_error.h"
#include "workloads/data/seeded_order.h"

namespace timetrial {

ShuffledEpochs::ShuffledEpochs(uint32_t examples, int64_t batch_size, uint64_t seed)
    : examples_(examples), batch_size_(batch_size), seed_(seed) {
  if (batch_size < 1 || batch_size > examples) {
    throw UserError(
        {"the batch size must be between 1 and the number of training examples, " + std::to_string(examples),
         "", std::to_string(batch_size), "let the submission ask for another batch size"});
  }
  start_epoch(0);
}

void ShuffledEpochs::start_epoch(int64_t epoch) {
  epoch_ = epoch;
  example_ = 0;
  order_ = std::make_shared<const std::vector<uint32_t>>(seeded_order(examples_, seed_, epoch));
}

ChosenExamples ShuffledEpochs::next() {
  if (example_ + batch_size_ > examples_) start_epoch(epoch_ + 1);
  const auto batch =
      std::span(*order_).subspan(static_cast<size_t>(example_), static_cast<size_t>(batch_size_));
  const ChosenExamples chosen{batch, batch, epoch_, example_, order_};
  example_ += batch_size_;
  return chosen;
}

void ShuffledEpochs::seek(const std::vector<int64_t>& position) {
  if (position.size() != 2 || position[0] < 0 || position[1] < 0 || position[1] > examples_) {
    throw UserError({"the position in the training data does not fit this data set", "checkpoint", "",
                     "resume with the data set the trial was started with, or start the trial anew"});
  }
  start_epoch(position[0]);
  example_ = position[1];
}

}  // namespace timetrial
