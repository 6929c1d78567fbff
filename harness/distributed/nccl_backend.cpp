#include <exception>

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "harness/distributed/nccl_entry.h"

extern "C" __attribute__((visibility("default"))) c10::intrusive_ptr<c10d::Backend> timetrial_connect_gpus(
    const c10::intrusive_ptr<c10d::Store>& store, int rank, int ranks, std::chrono::milliseconds timeout,
    std::string& problem) {
  try {
    const auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = timeout;
    return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, ranks, options);
  } catch (const std::exception& error) {
    problem = error.what();
    return {};
  }
}
