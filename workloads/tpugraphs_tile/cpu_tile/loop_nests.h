#pragma once

// Loop nests whose tile sizes are chosen when they run: what the tile collection measures. The outer loops go
// over tiles, the inner ones over the elements of a tile; every nest does the same work, in another order,
// whatever the tiles. Arrays are dense and row-major, outputs are overwritten. Tiles need not divide sizes.
// Free of LibTorch; the file is compiled for this processor's vector instructions.

#include <cstdint>

namespace timetrial {

struct Tiled {
  int64_t size = 1;  // elements of the dimension
  int64_t tile = 1;  // of which a tile takes so many
};

// c[m, n] = a[m, k] b[k, n]
void multiply_matrices(const float* a, const float* b, float* c, Tiled m, Tiled n, Tiled k);

// output[height, width, outputs] of a 3x3 window over input[height + 2, width + 2, inputs] with
// kernel[3, 3, inputs, outputs]. Tiles go over width, inputs and outputs.
void convolve(const float* input, const float* kernel, float* output, int64_t height, Tiled width,
              Tiled inputs, Tiled outputs);

// The same for each channel by itself: kernel[3, 3, channels]. Tiles go over height, width and channels.
void convolve_depthwise(const float* input, const float* kernel, float* output, Tiled height, Tiled width,
                        Tiled channels);

// output[rows, columns]: each row minus its mean, over its deviation. A tile of rows is gone over three times
// (mean, variance, result), each time in tiles of columns. `moments`: room for 2 · rows.
void normalise_rows_in_tiles(const float* input, float* output, float* moments, Tiled rows, Tiled columns);

// output[columns]: sums over the rows of input[rows, columns].
void sum_rows_in_tiles(const float* input, float* output, Tiled rows, Tiled columns);

// output[columns, rows] = transpose of input[rows, columns] + other[columns, rows]
void transpose_and_add(const float* input, const float* other, float* output, Tiled rows, Tiled columns);

}  // namespace timetrial
