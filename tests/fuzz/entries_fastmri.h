#pragma once

// Readers of fastMRI's files: nothing but a UserError may leave them, and what they give must be finite.

#include <string_view>

namespace timetrial {

// The bytes choose types, shapes, storage and values of an HDF5 file, which is then read.
void fuzz_fastmri_volume(std::string_view bytes);

// The bytes are the HDF5 file. Tries the library rather than us: version 1.10 is known to fall over damaged
// metadata, so this runs over the corpus only.
void fuzz_fastmri_file(std::string_view bytes);

// The bytes are a NIfTI file.
void fuzz_nifti(std::string_view bytes);

}  // namespace timetrial
