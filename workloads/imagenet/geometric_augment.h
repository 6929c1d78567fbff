#pragma once

#include <array>

#include "workloads/imagenet/image.h"

namespace timetrial {

// Output pixel (x, y) is input pixel (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]), both at pixel centres,
// in 16.16 fixed point as Pillow's AFFINE transform with NEAREST; 128 where there is no such pixel.
using AffineMatrix = std::array<double, 6>;

Image transformed(const Image& image, const AffineMatrix& matrix);

// Counterclockwise about the centre.
AffineMatrix rotation(const Image& image, double degrees);

// A grey square about (across * width, down * height). As in the reference, its right and bottom edges are
// part of it, and a square that begins outside the image is moved in rather than cut.
Image cut_out(Image image, double across, double down, int side);

}  // namespace timetrial
