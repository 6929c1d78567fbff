#include "harness/distributed/process_group.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <utility>

#include <ATen/ATen.h>
#include <dlfcn.h>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <unistd.h>

#include "harness/distributed/nccl_entry.h"
#include "harness/errors/user_error.h"
#include "harness/machine/machine.h"

namespace timetrial {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr const char* kMeetingPrefix = "ranks-";
constexpr const char* kWord = "word";
constexpr auto kWordPoll = Milliseconds(50);

// What an earlier start of the ranks left behind, when one of them was killed.
void remove_earlier_meetings(const std::filesystem::path& folder, const std::filesystem::path& own) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const bool meeting = entry.path().filename().string().starts_with(kMeetingPrefix);
    if (meeting && entry.path() != own) std::filesystem::remove(entry.path(), ignored);
  }
}

c10::intrusive_ptr<c10d::Backend> connect_gpus(const c10::intrusive_ptr<c10d::Store>& store,
                                               const RankPlace& place, Milliseconds timeout) {
  const std::filesystem::path library = program_folder() / ".." / "lib" / kNcclLibrary;
  void* handle =
      ::dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL);  // never closed: its threads may outlive us
  std::string problem = handle == nullptr ? ::dlerror() : "its entry point is missing";
  const auto entry = handle == nullptr ? nullptr : reinterpret_cast<NcclEntry>(::dlsym(handle, kNcclSymbol));
  c10::intrusive_ptr<c10d::Backend> backend;
  if (entry != nullptr)
    backend = entry(store, static_cast<int>(place.rank), static_cast<int>(place.ranks), timeout, problem);
  if (backend) return backend;
  throw UserError({"the GPUs of several ranks cannot be connected", library.string(), problem,
                   "build with the CUDA Toolkit on a machine with GPUs, or use --device cpu"});
}

// The values of a dense tensor in the order of memory.
at::Tensor flat(const at::Tensor& tensor) {
  if (!tensor.is_non_overlapping_and_dense())
    throw std::logic_error("a tensor to be added up over ranks is not dense");
  return tensor.as_strided({tensor.numel()}, {1});
}

}  // namespace

struct ProcessGroup::Connection {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::Backend> host;
  c10::intrusive_ptr<c10d::Backend> gpus;  // null on the CPU

  c10d::Backend& of(const at::Tensor& tensor) const { return tensor.is_cpu() ? *host : *gpus; }
};

// LibTorch's exceptions tell of a rank that is gone in many words and kinds.
template <typename Call>
auto ProcessGroup::or_lost(Call&& call) {
  struct Waiting {
    explicit Waiting(std::atomic<int>& calls) : calls_(calls) { ++calls_; }
    ~Waiting() { --calls_; }
    std::atomic<int>& calls_;
  };
  const Waiting waiting(waiting_);
  try {
    return call();
  } catch (const UserError&) {
    throw;
  } catch (const std::exception& error) {
    lost_ = true;
    throw RankLost(std::string("another rank of the trial is gone: ") + error.what());
  }
}

ProcessGroup::ProcessGroup(const RankPlace& place, const std::filesystem::path& folder, c10::Device device,
                           double timeout_seconds)
    : place_(place), connection_(std::make_unique<Connection>()) {
  const auto timeout =
      std::chrono::duration_cast<Milliseconds>(std::chrono::duration<double>(timeout_seconds));
  std::signal(SIGPIPE, SIG_IGN);  // Gloo writes to a rank that is gone as to any other
  const std::filesystem::path meeting = folder / (kMeetingPrefix + place.launch);
  if (place.rank == 0) remove_earlier_meetings(folder, meeting);
  or_lost([&] {
    const auto store = c10::make_intrusive<c10d::FileStore>(meeting.string(), static_cast<int>(place.ranks));
    store->setTimeout(timeout);
    connection_->store = store;
    const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    options->devices = {place.one_machine ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                          : c10d::ProcessGroupGloo::createDefaultDevice()};
    connection_->host = c10::make_intrusive<c10d::ProcessGroupGloo>(
        c10::make_intrusive<c10d::PrefixStore>("host", store), static_cast<int>(place.rank),
        static_cast<int>(place.ranks), options);
    if (device.is_cuda())
      connection_->gpus = connect_gpus(c10::make_intrusive<c10d::PrefixStore>("gpus", store), place, timeout);
  });
}

ProcessGroup::~ProcessGroup() = default;

std::function<void()> ProcessGroup::start_sum(const at::Tensor& tensor) {
  return or_lost([&]() -> std::function<void()> {
    std::vector<at::Tensor> operand = {flat(tensor)};
    const auto work = connection_->of(tensor).allreduce(operand);
    return [this, work] { or_lost([&] { work->wait(); }); };
  });
}

void ProcessGroup::sum(const std::vector<at::Tensor>& tensors) {
  std::vector<std::function<void()>> sums;
  for (const at::Tensor& tensor : tensors) sums.push_back(start_sum(tensor));
  for (const auto& wait : sums) wait();
}

std::vector<at::Tensor> ProcessGroup::gather(const at::Tensor& values) {
  return or_lost([&] {
    const auto all_gather = [&](const at::Tensor& own) {
      std::vector<std::vector<at::Tensor>> all(1);
      for (int64_t i = 0; i < count(); ++i) all[0].push_back(at::empty_like(own));
      std::vector<at::Tensor> operand = {own};
      connection_->host->allgather(all, operand)->wait();
      return all[0];
    };
    std::vector<int64_t> lengths;
    int64_t longest = 1;  // Gloo takes no empty tensors
    for (const at::Tensor& length : all_gather(at::tensor({values.numel()}, at::kLong))) {
      lengths.push_back(length.item<int64_t>());
      longest = std::max(longest, lengths.back());
    }
    const at::Tensor padded = at::zeros({longest}, values.options());
    padded.narrow(0, 0, values.numel()).copy_(values);
    std::vector<at::Tensor> gathered = all_gather(padded);
    for (size_t i = 0; i < gathered.size(); ++i) gathered[i] = gathered[i].narrow(0, 0, lengths[i]);
    return gathered;
  });
}

std::vector<double> ProcessGroup::largest(const std::vector<double>& values) {
  return or_lost([&] {
    std::vector<at::Tensor> operand = {at::tensor(values, at::kDouble)};
    c10d::AllreduceOptions options;
    options.reduceOp = c10d::ReduceOp::MAX;
    connection_->host->allreduce(operand, options)->wait();
    const auto* found = operand[0].const_data_ptr<double>();
    return std::vector<double>(found, found + values.size());
  });
}

void ProcessGroup::leave_word(const std::string& text) noexcept {
  try {
    // Of several that fail, usually one after the other, the first is the cause.
    connection_->store->compareSet(kWord, std::string(), text);
  } catch (const std::exception&) {
    // The others are told by the loss of this rank.
  }
}

std::optional<std::string> ProcessGroup::word(double wait_seconds) noexcept {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds);
  try {
    do {
      if (connection_->store->check({kWord})) {
        const std::vector<uint8_t> text = connection_->store->get(kWord);
        return std::string(text.begin(), text.end());
      }
      ::usleep(static_cast<useconds_t>(std::chrono::microseconds(kWordPoll).count()));
    } while (std::chrono::steady_clock::now() < end);
  } catch (const std::exception&) {
  }
  return std::nullopt;
}

}  // namespace timetrial
