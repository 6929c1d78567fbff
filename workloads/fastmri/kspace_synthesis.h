#pragma once

// What a single-coil scanner might have measured of a head of which only the magnitude is known: the mini
// tier's k-space is made of brain images, not measured.

#include <cstdint>

#include "workloads/fastmri/nifti_file.h"
#include "workloads/fastmri/volume_writer.h"

namespace timetrial {

enum class SliceAxis { x, y, z };  // the direction that the slices follow each other in

struct SynthesisOptions {
  int64_t rows = 0;  // of the k-space, more than the image as scanners measure it
  int64_t columns = 0;
  int64_t side = 0;           // of the image, the centre of what the k-space shows
  double noise = 0;           // standard deviation of each part, in units of the largest magnitude
  double least_tissue = 0.1;  // slices with a smaller part of bright pixels are left out
  uint64_t seed = 0;
};

// The volume at half its resolution, its largest value 1; an odd last voxel is dropped.
Voxels half_resolution(const Voxels& voxels);

// Gives every slice along `axis` a smooth phase and complex noise of its own and transforms it; the image is
// the magnitude of what the full k-space shows. Borders are cut off or filled with noise to `rows` x
// `columns`.
VolumeContents synthesise_kspace(const Voxels& voxels, SliceAxis axis, const SynthesisOptions& options);

}  // namespace timetrial
