// A driver library with one GPU that is hot, throttled and shared with two others.

#include <algorithm>
#include <cstring>

#include <unistd.h>

namespace {

constexpr int kDone = 0;
constexpr int kNotFound = 6;
int the_gpu = 0;

int copy(const char* text, char* letters, unsigned int size) {
  std::strncpy(letters, text, size - 1);
  return kDone;
}

}  // namespace

extern "C" {

struct DoubleUtilization {
  unsigned int gpu, memory;
};
struct DoubleProcess {
  unsigned int pid;
  unsigned long long used_memory;
  unsigned int gpu_instance, compute_instance;
};

int nvmlInit_v2() {
  return kDone;
}
int nvmlShutdown() {
  return kDone;
}
int nvmlSystemGetDriverVersion(char* letters, unsigned int size) {
  return copy("580.1", letters, size);
}
int nvmlDeviceGetCount_v2(unsigned int* count) {
  *count = 1;
  return kDone;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned int, void** handle) {
  *handle = &the_gpu;
  return kDone;
}
int nvmlDeviceGetHandleByPciBusId_v2(const char* place, void** handle) {
  *handle = &the_gpu;
  return std::strcmp(place, "0000:3b:00.0") == 0 ? kDone : kNotFound;
}
int nvmlDeviceGetName(void*, char* letters, unsigned int size) {
  return copy("Some GPU", letters, size);
}
int nvmlDeviceGetClockInfo(void*, int type, unsigned int* mhz) {
  *mhz = type == 1 ? 1410 : 1593;
  return kDone;
}
int nvmlDeviceGetTemperature(void*, int, unsigned int* celsius) {
  *celsius = 87;
  return kDone;
}
int nvmlDeviceGetPowerUsage(void*, unsigned int*) {
  return kNotFound;
}  // as on some cards
int nvmlDeviceGetUtilizationRates(void*, DoubleUtilization* busy) {
  *busy = {95, 40};
  return kDone;
}
// Only under its older name.
int nvmlDeviceGetCurrentClocksThrottleReasons(void*, unsigned long long* bits) {
  *bits = 0x40 | 0x1;
  return kDone;
}
int nvmlDeviceGetComputeRunningProcesses_v3(void*, unsigned int* count, DoubleProcess* entries) {
  const DoubleProcess running[] = {
      {1, 10, 0, 0}, {static_cast<unsigned int>(::getpid()), 20, 0, 0}, {2, 30, 0, 0}};
  std::copy(running, running + 3, entries);
  *count = 3;
  return kDone;
}

}  // extern "C"
