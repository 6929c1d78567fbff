#pragma once

// What cures most of what is wrong with a .npz file, for every reader of this room.

namespace timetrial {

inline constexpr const char* kCopyAgain = "copy or download this file again";
inline constexpr const char* kWriteByNumpy = "write the file by numpy.savez or numpy.savez_compressed";

}  // namespace timetrial
