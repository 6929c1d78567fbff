#include "workloads/data/evaluation_pass.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include <ATen/ATen.h>

#include "timetrial/ranks.h"
#include "workloads/data/gathered_tensors.h"
#include "workloads/data/prefetching_loader.h"

namespace timetrial {
namespace {

// This rank's pieces of a range; after its end, empty batches without end.
class RangeSource final : public BatchSource {
 public:
  RangeSource(int64_t examples, int64_t batch_size, const std::function<Batch(int64_t, int64_t)>& make)
      : examples_(examples), batch_size_(batch_size), make_(make), begin_(ranks().rank() * batch_size) {}

  Task next_task() override {
    const int64_t begin = std::min(begin_, examples_);
    const int64_t count = std::min(batch_size_, examples_ - begin);
    begin_ = begin + ranks().count() * batch_size_;
    return [this, begin, count] { return count > 0 ? make_(begin, count) : Batch(); };
  }
  DataPosition position() const override { return {begin_}; }
  void seek(const DataPosition& position) override { begin_ = position.at(0); }

 private:
  int64_t examples_;
  int64_t batch_size_;
  const std::function<Batch(int64_t, int64_t)>& make_;
  int64_t begin_;
};

}  // namespace

std::vector<at::Tensor> evaluation_pass(int64_t examples, int64_t batch_size, int threads,
                                        const std::function<Batch(int64_t begin, int64_t count)>& make,
                                        const BatchScore& score) {
  if (batch_size < 1) throw std::logic_error("evaluation_pass: batch_size = " + std::to_string(batch_size));
  PrefetchingLoader loader(std::make_unique<RangeSource>(examples, batch_size, make), threads, 2 * threads);
  std::vector<at::Tensor> own;
  for (int64_t index = 0; index * batch_size < examples; ++index) {
    if (is_own_batch(index)) own.push_back(score(loader.next()));
  }
  return of_all_ranks(own);
}

bool is_own_batch(int64_t index) {
  return index % ranks().count() == ranks().rank();
}

std::vector<at::Tensor> of_all_ranks(const std::vector<at::Tensor>& own) {
  if (ranks().count() == 1) return own;
  const std::vector<std::vector<at::Tensor>> by_rank = gathered_tensors(own);
  std::vector<at::Tensor> all;
  for (size_t index = 0;; ++index) {  // batch by batch: rank 0's first, rank 1's first …
    const std::vector<at::Tensor>& of_rank = by_rank[index % by_rank.size()];
    const size_t place = index / by_rank.size();
    if (place >= of_rank.size()) return all;
    all.push_back(of_rank[place]);
  }
}

at::Tensor numbers(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble);
}

std::vector<double> sums_of(const std::vector<at::Tensor>& scores) {
  if (scores.empty()) throw std::logic_error("sums_of: no batch was scored");
  at::Tensor sums = scores.front().clone();
  for (const at::Tensor& score : std::span(scores).subspan(1)) sums += score;
  return {sums.const_data_ptr<double>(), sums.const_data_ptr<double>() + sums.numel()};
}

}  // namespace timetrial
