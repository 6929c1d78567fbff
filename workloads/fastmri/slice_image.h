#pragma once

// From a slice's k-space to what the model sees.

#include <complex>
#include <cstdint>
#include <vector>

#include "workloads/fastmri/volume_file.h"

namespace timetrial {

// Magnitude of the orthonormal inverse Fourier transform of k-space [rows, columns] (both centred), of which
// only the columns with mask 1 are looked at; cut to the centre, height x width. The transform runs over the
// kept columns and the kept rows alone. Thread-safe.
void magnitude_image(const VolumeFile& volume, const std::complex<float>* kspace,
                     const std::vector<uint8_t>& mask, float* image);

struct SliceScale {
  float mean = 0;
  float deviation = 0;
};

// Mean and population deviation, in double.
SliceScale scale_of(const float* image, int64_t pixels);

// clip((x - mean) / deviation, ±6), in place.
void normalise_slice(float* image, int64_t pixels, SliceScale scale);

}  // namespace timetrial
