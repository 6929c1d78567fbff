#include <cstddef>
#include <cstdint>

#include "entries_finewebedu.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  timetrial::fuzz_sword_module({reinterpret_cast<const char*>(data), size});
  return 0;
}
