#include "workloads/data/single_threaded.h"

#include <ATen/Parallel.h>
#include <omp.h>

namespace timetrial {

void use_one_thread_here() {
  at::internal::lazy_init_num_threads();  // would set the thread's number again at its first operation
  omp_set_num_threads(1);
}

}  // namespace timetrial
