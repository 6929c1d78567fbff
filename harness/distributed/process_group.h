#pragma once

// The ranks of a trial, connected through LibTorch's process groups: Gloo between hosts' memories, NCCL
// between GPUs. They meet in a file of the trial directory.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "harness/distributed/rank_place.h"
#include "timetrial/ranks.h"

namespace timetrial {

// Another rank is gone, or did not come in time.
class RankLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Threads: the training thread, and those of a backward pass it waits for; leave_word() and word() any.
class ProcessGroup final : public Ranks {
 public:
  // Waits for all ranks. Throws RankLost when they do not come within `timeout_seconds`, which is also how
  // long any later call waits for the others. NCCL is taken for a CUDA device; throws UserError where there
  // is none. From here on the process ignores SIGPIPE: whoever loses a rank lives to hear its word.
  ProcessGroup(const RankPlace& place, const std::filesystem::path& folder, c10::Device device,
               double timeout_seconds);
  ~ProcessGroup() override;

  int64_t rank() const override { return place_.rank; }
  int64_t count() const override { return place_.ranks; }
  void sum(const std::vector<at::Tensor>& tensors) override;
  std::vector<at::Tensor> gather(const at::Tensor& values) override;

  // Begins to add up a dense tensor in place. The returned call completes it: on the CPU it waits, on a GPU
  // the current stream does.
  std::function<void()> start_sum(const at::Tensor& tensor);

  // The largest of every value over the ranks, on the host.
  std::vector<double> largest(const std::vector<double>& values);

  // True once a call has thrown RankLost, whoever caught it.
  bool lost() const { return lost_; }

  // Now within a call that waits for the other ranks. Any thread.
  bool waiting() const { return waiting_ > 0; }

  // The first rank to fail says why; the others can read it after they have lost it, also from a process that
  // is no more. word() waits for it so long.
  void leave_word(const std::string& text) noexcept;
  std::optional<std::string> word(double wait_seconds) noexcept;

 private:
  struct Connection;

  template <typename Call>
  auto or_lost(Call&& call);

  RankPlace place_;
  std::unique_ptr<Connection> connection_;
  std::atomic<bool> lost_{false};
  std::atomic<int> waiting_{0};
};

}  // namespace timetrial
