#pragma once

// Stands in for CUDA where there is no GPU: runs a kernel's source on the CPU, blocks one after another, the
// threads of a block as threads that meet at a barrier. To be included before a .cuh file, which it gives the
// words of the language that the file uses.

#include <barrier>
#include <memory>
#include <thread>
#include <vector>

#define __device__
#define __global__
#define __shared__ static  // one block runs at a time

namespace timetrial::cuda {

struct Index {
  unsigned x = 0;
};
inline thread_local Index threadIdx;
inline thread_local Index blockIdx;
inline std::unique_ptr<std::barrier<>> block_barrier;

inline void __syncthreads() {
  block_barrier->arrive_and_wait();
}

inline void use_device(int /*device*/) {}

template <typename... Parameters>
void launch(void (*kernel)(Parameters...), int blocks, int threads, void* /*stream*/,
            Parameters... arguments) {
  const auto renew = [threads] { block_barrier = std::make_unique<std::barrier<>>(threads); };
  renew();
  std::barrier between_blocks(threads);
  std::vector<std::jthread> running;
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&, thread] {
      threadIdx.x = static_cast<unsigned>(thread);
      for (int block = 0; block < blocks; ++block) {
        blockIdx.x = static_cast<unsigned>(block);
        kernel(arguments...);
        block_barrier->arrive_and_drop();  // the others do not wait for a thread that has returned
        between_blocks.arrive_and_wait();
        if (thread == 0) renew();
        between_blocks.arrive_and_wait();
      }
    });
  }
}

}  // namespace timetrial::cuda
