#include <cstddef>
#include <cstdint>

#include "entries_wmt.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  timetrial::fuzz_wmt_lines({reinterpret_cast<const char*>(data), size});
  return 0;
}
