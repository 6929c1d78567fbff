#pragma once

namespace timetrial {

// Gives the meta device, whose tensors have shapes and no values, the operations of our models that LibTorch
// gives it in Python alone: convolutions, look-ups, Fourier transforms … Each makes its results' shapes and
// nothing else. From the first call on, for the whole process; a later one does nothing. Any thread.
void register_meta_kernels();

}  // namespace timetrial
