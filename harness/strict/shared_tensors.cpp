#include "harness/strict/shared_tensors.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <ATen/ATen.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr std::size_t kHeaderBytes = 4096;
constexpr std::size_t kAlignment = 64;

std::size_t room_of(const at::Tensor& tensor) {
  return (tensor.nbytes() + kAlignment - 1) / kAlignment * kAlignment;
}

std::size_t bytes_for(const std::vector<at::Tensor>& tensors) {
  std::size_t bytes = kHeaderBytes;
  for (const at::Tensor& tensor : tensors) bytes += room_of(tensor);
  return bytes;
}

[[noreturn]] void no_memory(const std::string& what, std::size_t bytes) {
  throw UserError({what + ": " + std::strerror(errno), "the memory that trainer and evaluator share",
                   std::to_string(bytes) + " bytes", "free memory on this machine"});
}

}  // namespace

SharedTensors SharedTensors::make(int descriptor, const std::vector<at::Tensor>& like) {
  const std::size_t bytes = bytes_for(like);
  if (::ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) no_memory("it cannot be had", bytes);
  if (::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    no_memory("it cannot be sealed", bytes);
  return {descriptor, like};
}

SharedTensors SharedTensors::open(int descriptor, const std::vector<at::Tensor>& like) {
  struct stat status {};
  const std::size_t bytes = bytes_for(like);
  if (::fstat(descriptor, &status) != 0) no_memory("it cannot be looked at", bytes);
  if (static_cast<std::size_t>(status.st_size) != bytes)
    throw UserError({"trainer and evaluator have built different models", "the memory that they share",
                     std::to_string(status.st_size) + " bytes instead of " + std::to_string(bytes),
                     "build timetrial again"});
  return {descriptor, like};
}

SharedTensors::SharedTensors(int descriptor, const std::vector<at::Tensor>& like) : bytes_(bytes_for(like)) {
  memory_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (memory_ == MAP_FAILED) no_memory("it cannot be mapped", bytes_);
  char* place = static_cast<char*>(memory_) + kHeaderBytes;
  for (const at::Tensor& tensor : like) {
    views_.push_back(at::from_blob(place, tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type())));
    place += room_of(tensor);
  }
}

SharedTensors::SharedTensors(SharedTensors&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_), views_(std::move(other.views_)) {}

SharedTensors::~SharedTensors() {
  views_.clear();
  if (memory_ != nullptr) ::munmap(memory_, bytes_);
}

void SharedTensors::put(const std::vector<at::Tensor>& tensors) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < views_.size(); ++i) views_[i].copy_(tensors[i]);
}

void SharedTensors::take(const std::vector<at::Tensor>& tensors) const {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < views_.size(); ++i) at::Tensor(tensors[i]).copy_(views_[i]);
}

}  // namespace timetrial
