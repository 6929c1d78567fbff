#include <array>
#include <deque>
#include <exception>
#include <optional>
#include <vector>

#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <cuda_runtime.h>

#include "harness/device/cuda_entry.h"
#include "harness/device/cuda_graph_work.h"
#include "harness/device/cuda_staging.h"
#include "harness/device/cuda_sync_audit.h"

namespace timetrial {

namespace {

constexpr auto kAllPools = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);

// Step marks are CUDA events in a ring, recorded on the current stream and queried without waiting.
class CudaDevice final : public Device {
 public:
  explicit CudaDevice(int index) : index_(index) {
    C10_CUDA_CHECK(cudaSetDevice(index));
    // Training runs on a stream of its own: nothing on the default stream can be recorded.
    c10::cuda::setCurrentCUDAStream(
        c10::cuda::getStreamFromPool(/*isHighPriority=*/false, static_cast<c10::DeviceIndex>(index)));
    staging_.emplace(static_cast<c10::DeviceIndex>(index));
    C10_CUDA_CHECK(cudaEventCreate(&start_));
    for (cudaEvent_t& event : marks_) C10_CUDA_CHECK(cudaEventCreate(&event));
  }

  ~CudaDevice() override {
    cudaEventDestroy(start_);
    for (cudaEvent_t event : marks_) cudaEventDestroy(event);
    recycle_stamps();
    for (cudaEvent_t event : spare_stamps_) cudaEventDestroy(event);
  }

  c10::Device torch_device() const override {
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index_));
  }

  void start_segment() override {
    synchronize();
    recorded_ = passed_ = 0;
    resolved_seconds_ = 0;
    recycle_stamps();
    last_stamp_seconds_ = 0;
    host_start_ = steady_seconds();
    C10_CUDA_CHECK(cudaEventRecord(start_, stream()));
  }

  void mark() override {
    if (recorded_ - passed_ == kMaxStepsInFlight) {
      C10_CUDA_CHECK(cudaEventSynchronize(event_of(passed_)));  // back-pressure, not a read-back
      advance();
    }
    C10_CUDA_CHECK(cudaEventRecord(event_of(recorded_), stream()));
    ++recorded_;
  }

  double resolved_seconds() override {
    while (passed_ < recorded_ && has_passed(event_of(passed_))) advance();
    return resolved_seconds_;
  }

  // Host time, so that what the host did after the last kernel counts as well.
  double drain() override {
    synchronize();
    return steady_seconds() - host_start_;
  }

  // An event that could not be made or recorded tells so when it is queried.
  void stamp() noexcept override {
    cudaEvent_t event = nullptr;
    if (spare_stamps_.empty()) {
      cudaEventCreate(&event);
    } else {
      event = spare_stamps_.back();
      spare_stamps_.pop_back();
    }
    cudaEventRecord(event, stream());
    stamps_.push_back(event);
  }

  // Counted from stamp to stamp: CUDA gives differences as floats, too coarse for a step when a segment is
  // long.
  std::optional<double> take_stamp() override {
    if (stamps_.empty() || !has_passed(stamps_.front())) return std::nullopt;
    float milliseconds = 0;
    C10_CUDA_CHECK(
        cudaEventElapsedTime(&milliseconds, last_stamp_ == nullptr ? start_ : last_stamp_, stamps_.front()));
    last_stamp_seconds_ += 1e-3 * static_cast<double>(milliseconds);
    if (last_stamp_ != nullptr) spare_stamps_.push_back(last_stamp_);
    last_stamp_ = stamps_.front();
    stamps_.pop_front();
    return last_stamp_seconds_;
  }

  bool can_record() const override { return true; }

  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    synchronize();
    return std::make_unique<CudaGraphWork>(work);
  }

  at::Tensor ready_to_copy(at::Tensor values) const override { return values.pin_memory(); }
  void copy_in(at::TensorList from, at::TensorList to) override { staging_->copy(from, to); }

  int64_t peak_memory_bytes() const override { return memory_statistics().reserved_bytes[kAllPools].peak; }
  int64_t peak_tensor_bytes() const override { return memory_statistics().allocated_bytes[kAllPools].peak; }
  void reset_peak_memory() override {
    c10::cuda::CUDACachingAllocator::resetPeakStats(torch_device().index());
  }

  std::map<std::string, std::string> describe() const override {
    const cudaDeviceProp* properties = at::cuda::getDeviceProperties(torch_device().index());
    int driver = 0;
    int runtime = 0;
    C10_CUDA_CHECK(cudaDriverGetVersion(&driver));
    C10_CUDA_CHECK(cudaRuntimeGetVersion(&runtime));
    std::array<char, 32> bus{};
    C10_CUDA_CHECK(cudaDeviceGetPCIBusId(bus.data(), bus.size(), torch_device().index()));
    return {{"gpu", properties->name},
            {"gpu_bus", bus.data()},
            {"gpu_memory_gib", std::to_string(properties->totalGlobalMem >> 30)},
            {"gpu_count_visible", std::to_string(at::cuda::device_count())},
            {"cuda_driver", std::to_string(driver)},
            {"cuda_runtime", std::to_string(runtime)}};
  }

  std::unique_ptr<SyncAudit> audit_waits() override { return std::make_unique<CudaSyncAudit>(); }

 private:
  cudaStream_t stream() const { return at::cuda::getCurrentCUDAStream(torch_device().index()); }
  c10::CachingDeviceAllocator::DeviceStats memory_statistics() const {
    return c10::cuda::CUDACachingAllocator::getDeviceStats(torch_device().index());
  }
  void synchronize() const { C10_CUDA_CHECK(cudaDeviceSynchronize()); }
  static bool has_passed(cudaEvent_t event) {
    const cudaError_t state = cudaEventQuery(event);
    if (state == cudaErrorNotReady) {
      (void)cudaGetLastError();  // else the next launch of a kernel would take it for its own failure
      return false;
    }
    C10_CUDA_CHECK(state);
    return true;
  }
  cudaEvent_t event_of(int64_t number) const {
    return marks_[static_cast<size_t>(number % kMaxStepsInFlight)];
  }

  void recycle_stamps() {
    if (last_stamp_ != nullptr) spare_stamps_.push_back(last_stamp_);
    last_stamp_ = nullptr;
    spare_stamps_.insert(spare_stamps_.end(), stamps_.begin(), stamps_.end());
    stamps_.clear();
  }

  void advance() {
    float milliseconds = 0;
    C10_CUDA_CHECK(cudaEventElapsedTime(&milliseconds, start_, event_of(passed_)));
    resolved_seconds_ = 1e-3 * static_cast<double>(milliseconds);
    ++passed_;
  }

  int index_;
  std::optional<CudaStaging> staging_;  // made when the device is chosen
  cudaEvent_t start_ = nullptr;
  std::array<cudaEvent_t, kMaxStepsInFlight> marks_{};
  int64_t recorded_ = 0;  // marks recorded in this segment
  int64_t passed_ = 0;    // of these, known to be done
  double resolved_seconds_ = 0;
  double host_start_ = 0;
  std::deque<cudaEvent_t> stamps_;         // recorded and not taken, oldest first
  std::vector<cudaEvent_t> spare_stamps_;  // to be recorded again
  cudaEvent_t last_stamp_ = nullptr;       // the newest one taken in this segment
  double last_stamp_seconds_ = 0;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) Device* timetrial_open_cuda_device(int index,
                                                                                     std::string& problem) {
  try {
    return new CudaDevice(index);
  } catch (const std::exception& error) {
    problem = error.what();
    return nullptr;
  }
}

}  // namespace timetrial
