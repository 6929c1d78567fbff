#include "entries_cifar.h"

#include <cstdio>
#include <cstdlib>

#include "harness/errors/user_error.h"
#include "workloads/cifar/cifar_data.h"

namespace timetrial {

void fuzz_cifar_records(std::string_view bytes) {
  CifarImages images;
  try {
    append_cifar_records(bytes, "fuzzed", images);
  } catch (const UserError&) {
    return;
  }
  if (cifar_records(images, 0, images.count()) == bytes) return;
  std::fputs("records change when they are read and written\n", stderr);
  std::abort();
}

}  // namespace timetrial
