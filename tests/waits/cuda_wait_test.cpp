#include "harness/waits/cuda_wait.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

constexpr MemoryTouched kToDevice{MemoryKind::pageable_host, MemoryKind::device};
constexpr MemoryTouched kFromDevice{MemoryKind::device, MemoryKind::pageable_host};
constexpr MemoryTouched kFromDeviceToPinned{MemoryKind::device, MemoryKind::pinned_host};
constexpr MemoryTouched kOnDevice{MemoryKind::device, MemoryKind::device};

TEST(CudaWait, NamesLoseTheirVersionsAndStreamSuffixes) {
  EXPECT_EQ(plain_call_name("cudaStreamSynchronize_ptsz_v7000"), "cudaStreamSynchronize");
  EXPECT_EQ(plain_call_name("cuMemcpyDtoH_v2_ptds"), "cuMemcpyDtoH");
  EXPECT_EQ(plain_call_name("cudaMalloc_v3020"), "cudaMalloc");
  EXPECT_EQ(plain_call_name("cuMemsetD8"), "cuMemsetD8");
  EXPECT_EQ(plain_call_name("odd_name"), "odd_name");
  EXPECT_EQ(plain_call_name("odd_v"), "odd_v");
}

TEST(CudaWait, SynchronisationsWait) {
  for (const char* name : {"cudaDeviceSynchronize", "cudaStreamSynchronize", "cudaEventSynchronize",
                           "cuCtxSynchronize", "cuStreamSynchronize", "cuEventSynchronize"}) {
    EXPECT_TRUE(cuda_call_waits(name)) << name;
  }
}

TEST(CudaWait, LaunchesQueriesAndRecordsDoNot) {
  for (const char* name : {"cudaLaunchKernel", "cuLaunchKernel", "cudaEventQuery", "cudaStreamQuery",
                           "cudaEventRecord", "cudaStreamWaitEvent", "cuStreamWaitEvent", "cudaGetDevice",
                           "cudaGraphLaunch", "cudaPeekAtLastError", "cuLibraryLoadData"}) {
    EXPECT_FALSE(cuda_call_waits(name)) << name;
  }
}

TEST(CudaWait, SynchronousCopiesWaitUnlessTheyStayOnTheDevice) {
  for (const char* name :
       {"cudaMemcpy", "cudaMemcpy2D", "cudaMemcpyFromSymbol", "cuMemcpyDtoH", "cuMemcpyHtoD"}) {
    EXPECT_TRUE(cuda_call_waits(name)) << name;
    EXPECT_TRUE(cuda_call_waits(name, kToDevice)) << name;
  }
  EXPECT_FALSE(cuda_call_waits("cudaMemcpy", kOnDevice));
  EXPECT_FALSE(cuda_call_waits("cuMemcpyDtoD"));
  EXPECT_FALSE(cuda_call_waits("cudaMemcpyPeer"));
}

TEST(CudaWait, AsynchronousCopiesWaitWhereTheyLandInPageableMemory) {
  for (const char* name : {"cudaMemcpyAsync", "cudaMemcpy2DAsync", "cuMemcpyDtoHAsync", "cuMemcpyAsync"}) {
    EXPECT_TRUE(cuda_call_waits(name, kFromDevice)) << name;
    EXPECT_FALSE(cuda_call_waits(name, kFromDeviceToPinned)) << name;
    EXPECT_FALSE(cuda_call_waits(name, kToDevice)) << name;
    EXPECT_FALSE(cuda_call_waits(name, kOnDevice)) << name;
    EXPECT_FALSE(cuda_call_waits(name)) << name;
  }
}

TEST(CudaWait, MemsetsWaitOffTheDeviceOnly) {
  EXPECT_TRUE(cuda_call_waits("cudaMemset", {MemoryKind::unknown, MemoryKind::pinned_host}));
  EXPECT_TRUE(cuda_call_waits("cuMemsetD32"));
  EXPECT_FALSE(cuda_call_waits("cudaMemset", kToDevice));
  EXPECT_FALSE(cuda_call_waits("cudaMemsetAsync", {MemoryKind::unknown, MemoryKind::pinned_host}));
}

TEST(CudaWait, AllocatingWaitsUnlessItIsStreamOrdered) {
  for (const char* name : {"cudaMalloc", "cudaFree", "cudaMallocHost", "cudaHostAlloc", "cudaFreeHost",
                           "cudaMallocManaged", "cuMemAlloc", "cuMemFree", "cuMemHostAlloc", "cuMemCreate"}) {
    EXPECT_TRUE(cuda_call_waits(name)) << name;
  }
  for (const char* name :
       {"cudaMallocAsync", "cudaFreeAsync", "cuMemAllocAsync", "cudaMallocFromPoolAsync"}) {
    EXPECT_FALSE(cuda_call_waits(name)) << name;
  }
}

TEST(CudaWait, OnlyCopiesAndMemsetsNeedTheirMemoryLookedUp) {
  EXPECT_TRUE(depends_on_memory("cudaMemcpyAsync"));
  EXPECT_TRUE(depends_on_memory("cuMemsetD8"));
  EXPECT_FALSE(depends_on_memory("cudaMemsetAsync"));
  EXPECT_FALSE(depends_on_memory("cudaStreamSynchronize"));
}

}  // namespace
}  // namespace timetrial
