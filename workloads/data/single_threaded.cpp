#include "workloads/data/single_threaded.h"

#include <ATen/Parallel.h>
#include <omp.h>

namespace timetrial {

void use_one_thread_here() {
  // A thread's first operation sets its number of threads to the process's: once in code that includes ATen's
  // headers, once in LibTorch itself. Have that behind us.
  at::internal::lazy_init_num_threads();
  at::get_num_threads();
  omp_set_num_threads(1);
}

}  // namespace timetrial
