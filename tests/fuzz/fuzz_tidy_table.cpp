#include <cstddef>
#include <cstdint>

#include "entries.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  timetrial::fuzz_tidy_table({reinterpret_cast<const char*>(data), size});
  return 0;
}
