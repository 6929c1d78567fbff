#pragma once

// What a submission was compiled against. The worker refuses a library whose values differ from its own.

#include <cstdint>

#include <torch/headeronly/version.h>

namespace timetrial {

// Raised whenever a header of this folder changes in a way that compiled submissions can notice.
#ifndef TIMETRIAL_API_VERSION_OVERRIDE  // set only by the test that builds a submission of another version
inline constexpr uint32_t kApiVersion = 3;
#else
inline constexpr uint32_t kApiVersion = TIMETRIAL_API_VERSION_OVERRIDE;
#endif

inline constexpr const char* kLibTorchVersion = TORCH_VERSION;

}  // namespace timetrial
