#include <cstddef>
#include <cstdint>

#include "entries_librispeech.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  timetrial::fuzz_g722({reinterpret_cast<const char*>(data), size});
  return 0;
}
