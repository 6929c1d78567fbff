#include <cstddef>
#include <cstdint>

#include "entries_npz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  timetrial::fuzz_npy({reinterpret_cast<const char*>(data), size});
  return 0;
}
