#include "workloads/data/evaluation_pass.h"

#include <algorithm>
#include <stdexcept>

#include "workloads/data/prefetching_loader.h"

namespace timetrial {
namespace {

// The pieces of a range; after its end, empty batches without end.
class RangeSource final : public BatchSource {
 public:
  RangeSource(int64_t examples, int64_t batch_size, const std::function<Batch(int64_t, int64_t)>& make)
      : examples_(examples), batch_size_(batch_size), make_(make) {}

  Task next_task() override {
    const int64_t begin = begin_;
    const int64_t count = std::min(batch_size_, examples_ - begin);
    begin_ += count;
    return [this, begin, count] { return count > 0 ? make_(begin, count) : Batch(); };
  }
  DataPosition position() const override { return {begin_}; }
  void seek(const DataPosition& position) override { begin_ = position.at(0); }

 private:
  int64_t examples_;
  int64_t batch_size_;
  const std::function<Batch(int64_t, int64_t)>& make_;
  int64_t begin_ = 0;
};

}  // namespace

void evaluation_pass(int64_t examples, int64_t batch_size, int threads,
                     const std::function<Batch(int64_t begin, int64_t count)>& make,
                     const std::function<void(const Batch&)>& consume) {
  if (batch_size < 1) throw std::logic_error("evaluation_pass: batch_size = " + std::to_string(batch_size));
  PrefetchingLoader loader(std::make_unique<RangeSource>(examples, batch_size, make), threads, 2 * threads);
  for (int64_t begin = 0; begin < examples; begin += batch_size) consume(loader.next());
}

}  // namespace timetrial
