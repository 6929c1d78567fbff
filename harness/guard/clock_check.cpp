#include "harness/guard/clock_check.h"

#include <cmath>
#include <ctime>

#include <sys/syscall.h>
#include <unistd.h>

namespace timetrial {

namespace {

// Rounding of a double that counts seconds since boot, and of the clock itself.
constexpr double kTolerance = 1e-5;

long ask_kernel(timespec* time) {
#if defined(__x86_64__)
  long result = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(static_cast<long>(SYS_clock_gettime)), "D"(static_cast<long>(CLOCK_MONOTONIC)),
                     "S"(time)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long number __asm__("x8") = SYS_clock_gettime;
  register long first __asm__("x0") = CLOCK_MONOTONIC;
  register timespec* second __asm__("x1") = time;
  __asm__ volatile("svc 0" : "+r"(first) : "r"(number), "r"(second) : "memory");
  return first;
#else
  return ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, time);
#endif
}

}  // namespace

double kernel_seconds() {
  timespec time{};
  if (ask_kernel(&time) != 0) return std::nan("");
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::optional<std::string> clock_fault(double (*read)()) {
  const double before = read();
  const double kernel = kernel_seconds();
  const double after = read();
  if (before - kTolerance <= kernel && kernel <= after + kTolerance) return std::nullopt;
  return "it replaced the clock of the C library: that says " + std::to_string(before) + " s, the kernel " +
         std::to_string(kernel) + " s. To cure it: leave the libraries of the process alone";
}

}  // namespace timetrial
