#pragma once

// The one symbol of the library that connects GPUs, loaded only by trials on several of them.

#include <chrono>
#include <string>

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace timetrial {

inline constexpr const char* kNcclLibrary = "libtimetrial_nccl.so";
inline constexpr const char* kNcclSymbol = "timetrial_connect_gpus";

// Null, and `problem` filled, when NCCL refuses.
using NcclEntry = c10::intrusive_ptr<c10d::Backend> (*)(const c10::intrusive_ptr<c10d::Store>& store,
                                                        int rank, int ranks,
                                                        std::chrono::milliseconds timeout,
                                                        std::string& problem);

}  // namespace timetrial
