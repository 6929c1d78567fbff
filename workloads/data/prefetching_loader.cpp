#include "workloads/data/prefetching_loader.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "harness/threads/harness_thread.h"
#include "workloads/data/single_threaded.h"

namespace timetrial {

// One mutex guards everything. The source is used by whoever holds the token `source_in_use`, without the
// mutex, so that a consumer never waits for file reading unless its own batch is not there.
struct PrefetchingLoader::Shared {
  // One batch on its way. Held by the queue and by the thread that makes it, so that seek() can drop the
  // queue while a task still runs.
  struct Slot {
    DataPosition position_after;
    Batch batch;
    std::exception_ptr error;
    bool cutting_failed = false;  // the source could not even say what comes next
    bool ready = false;
  };

  Shared(std::unique_ptr<BatchSource> batches, int most_threads, int most_slots,
         std::function<void(Batch&)> finish_batch)
      : source(std::move(batches)),
        finish(std::move(finish_batch)),
        thread_count(most_threads),
        depth(most_slots),
        consumed(source->position()) {}

  std::unique_ptr<BatchSource> source;  // destroyed after the threads were joined
  const std::function<void(Batch&)> finish;
  const int thread_count;
  const int depth;

  std::mutex mutex;
  std::condition_variable work_possible;  // a free slot, a returned source, or the end
  std::condition_variable slot_ready;
  std::condition_variable source_returned;
  std::deque<std::shared_ptr<Slot>> slots;
  DataPosition consumed;
  bool source_in_use = false;
  bool halted = false;  // after a failed next_task(), until seek()
  bool stopping = false;
  std::vector<std::thread> threads;

  bool may_cut() const { return !source_in_use && !halted && static_cast<int>(slots.size()) < depth; }

  void run() {
    const HarnessThread mark;
    use_one_thread_here();
    std::unique_lock lock(mutex);
    for (;;) {
      work_possible.wait(lock, [this] { return stopping || may_cut(); });
      if (stopping) return;
      auto slot = std::make_shared<Slot>();
      BatchSource::Task task = cut(lock, *slot);
      slots.push_back(slot);
      halted = slot->cutting_failed;
      work_possible.notify_one();
      lock.unlock();
      make(std::move(task), *slot);
      lock.lock();
      slot->ready = true;
      slot_ready.notify_one();
    }
  }

  // Takes the next task from the source with the mutex released.
  BatchSource::Task cut(std::unique_lock<std::mutex>& lock, Slot& slot) {
    source_in_use = true;
    lock.unlock();
    BatchSource::Task task;
    try {
      task = source->next_task();
      slot.position_after = source->position();
    } catch (...) {
      slot.error = std::current_exception();
      slot.cutting_failed = true;
    }
    lock.lock();
    source_in_use = false;
    source_returned.notify_all();
    return task;
  }

  void make(BatchSource::Task task, Slot& slot) const {
    if (slot.cutting_failed) return;
    try {
      slot.batch = task();
      if (finish) finish(slot.batch);
    } catch (...) {
      slot.error = std::current_exception();
    }
  }
};

PrefetchingLoader::PrefetchingLoader(std::unique_ptr<BatchSource> source, int threads, int depth,
                                     std::function<void(Batch&)> finish) {
  if (source == nullptr || threads < 1 || depth < 1) {
    throw std::logic_error("PrefetchingLoader needs a source, a thread and a slot; got threads = " +
                           std::to_string(threads) + ", depth = " + std::to_string(depth));
  }
  shared_ = std::make_unique<Shared>(std::move(source), threads, depth, std::move(finish));
}

PrefetchingLoader::~PrefetchingLoader() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->work_possible.notify_all();
  for (auto& thread : shared_->threads) thread.join();
  shared_->slots.clear();
}

Batch PrefetchingLoader::next() {
  Shared& shared = *shared_;
  std::unique_lock lock(shared.mutex);
  while (static_cast<int>(shared.threads.size()) < shared.thread_count) {
    shared.threads.emplace_back([&shared] { shared.run(); });
  }
  shared.slot_ready.wait(lock, [&shared] { return !shared.slots.empty() && shared.slots.front()->ready; });
  const std::shared_ptr<Shared::Slot> slot = shared.slots.front();
  if (slot->cutting_failed) std::rethrow_exception(slot->error);  // stays in front: the stream ends here
  shared.slots.pop_front();
  shared.work_possible.notify_one();
  if (slot->error) std::rethrow_exception(slot->error);
  shared.consumed = slot->position_after;
  return std::move(slot->batch);
}

DataPosition PrefetchingLoader::position() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->consumed;
}

void PrefetchingLoader::seek(const DataPosition& position) {
  Shared& shared = *shared_;
  std::unique_lock lock(shared.mutex);
  shared.source_returned.wait(lock, [&shared] { return !shared.source_in_use; });
  shared.source->seek(position);
  shared.slots.clear();
  shared.halted = false;
  shared.consumed = shared.source->position();
  shared.work_possible.notify_all();
}

}  // namespace timetrial
