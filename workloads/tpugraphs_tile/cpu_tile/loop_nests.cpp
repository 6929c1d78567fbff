#include "workloads/tpugraphs_tile/cpu_tile/loop_nests.h"

#include <algorithm>
#include <cmath>

namespace timetrial {
namespace {

// body(begin, end) for each tile.
template <typename Body>
void over_tiles(Tiled dimension, Body body) {
  for (int64_t begin = 0; begin < dimension.size; begin += dimension.tile)
    body(begin, std::min(begin + dimension.tile, dimension.size));
}

// sum[begin .. end) += factor · row[begin .. end)
void add_multiple(float factor, const float* __restrict row, float* __restrict sum, int64_t begin,
                  int64_t end) {
#pragma omp simd
  for (int64_t j = begin; j < end; ++j) sum[j] += factor * row[j];
}

}  // namespace

void multiply_matrices(const float* a, const float* b, float* c, Tiled m, Tiled n, Tiled k) {
  std::fill(c, c + m.size * n.size, 0.0F);
  over_tiles(m, [&](int64_t m_begin, int64_t m_end) {
    over_tiles(n, [&](int64_t n_begin, int64_t n_end) {
      over_tiles(k, [&](int64_t k_begin, int64_t k_end) {
        for (int64_t i = m_begin; i < m_end; ++i) {
          for (int64_t l = k_begin; l < k_end; ++l)
            add_multiple(a[i * k.size + l], b + l * n.size, c + i * n.size, n_begin, n_end);
        }
      });
    });
  });
}

void convolve(const float* input, const float* kernel, float* output, int64_t height, Tiled width,
              Tiled inputs, Tiled outputs) {
  std::fill(output, output + height * width.size * outputs.size, 0.0F);
  const int64_t row = (width.size + 2) * inputs.size;
  for (int64_t y = 0; y < height; ++y) {
    over_tiles(width, [&](int64_t x_begin, int64_t x_end) {
      over_tiles(outputs, [&](int64_t o_begin, int64_t o_end) {
        over_tiles(inputs, [&](int64_t i_begin, int64_t i_end) {
          for (int64_t place = 0; place < 9; ++place) {
            const float* from = input + (y + place / 3) * row + (place % 3) * inputs.size;
            for (int64_t x = x_begin; x < x_end; ++x) {
              float* to = output + (y * width.size + x) * outputs.size;
              for (int64_t i = i_begin; i < i_end; ++i)
                add_multiple(from[x * inputs.size + i], kernel + (place * inputs.size + i) * outputs.size, to,
                             o_begin, o_end);
            }
          }
        });
      });
    });
  }
}

void convolve_depthwise(const float* input, const float* kernel, float* output, Tiled height, Tiled width,
                        Tiled channels) {
  std::fill(output, output + height.size * width.size * channels.size, 0.0F);
  const int64_t row = (width.size + 2) * channels.size;
  over_tiles(height, [&](int64_t y_begin, int64_t y_end) {
    over_tiles(width, [&](int64_t x_begin, int64_t x_end) {
      over_tiles(channels, [&](int64_t c_begin, int64_t c_end) {
        for (int64_t y = y_begin; y < y_end; ++y) {
          for (int64_t x = x_begin; x < x_end; ++x) {
            float* __restrict to = output + (y * width.size + x) * channels.size;
            for (int64_t place = 0; place < 9; ++place) {
              const float* __restrict from = input + (y + place / 3) * row + (x + place % 3) * channels.size;
              const float* __restrict factor = kernel + place * channels.size;
#pragma omp simd
              for (int64_t c = c_begin; c < c_end; ++c) to[c] += from[c] * factor[c];
            }
          }
        }
      });
    });
  });
}

void normalise_rows_in_tiles(const float* input, float* output, float* moments, Tiled rows, Tiled columns) {
  constexpr float kEpsilon = 1e-5F;
  const float share = 1 / static_cast<float>(columns.size);
  float* mean = moments;
  float* scale = moments + rows.size;
  std::fill(moments, moments + 2 * rows.size, 0.0F);
  over_tiles(rows, [&](int64_t begin, int64_t end) {
    over_tiles(columns, [&](int64_t first, int64_t last) {
      for (int64_t i = begin; i < end; ++i) {
        const float* __restrict row = input + i * columns.size;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t j = first; j < last; ++j) sum += row[j];
        mean[i] += sum * share;
      }
    });
    over_tiles(columns, [&](int64_t first, int64_t last) {
      for (int64_t i = begin; i < end; ++i) {
        const float* __restrict row = input + i * columns.size;
        const float middle = mean[i];
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t j = first; j < last; ++j) sum += (row[j] - middle) * (row[j] - middle);
        scale[i] += sum * share;
      }
    });
    for (int64_t i = begin; i < end; ++i) scale[i] = 1 / std::sqrt(scale[i] + kEpsilon);
    over_tiles(columns, [&](int64_t first, int64_t last) {
      for (int64_t i = begin; i < end; ++i) {
        const float* __restrict row = input + i * columns.size;
        float* __restrict to = output + i * columns.size;
        const float middle = mean[i], factor = scale[i];
#pragma omp simd
        for (int64_t j = first; j < last; ++j) to[j] = (row[j] - middle) * factor;
      }
    });
  });
}

void sum_rows_in_tiles(const float* input, float* output, Tiled rows, Tiled columns) {
  std::fill(output, output + columns.size, 0.0F);
  over_tiles(columns, [&](int64_t first, int64_t last) {
    over_tiles(rows, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) add_multiple(1, input + i * columns.size, output, first, last);
    });
  });
}

void transpose_and_add(const float* input, const float* other, float* output, Tiled rows, Tiled columns) {
  over_tiles(columns, [&](int64_t first, int64_t last) {
    over_tiles(rows, [&](int64_t begin, int64_t end) {
      for (int64_t j = first; j < last; ++j) {
        for (int64_t i = begin; i < end; ++i)
          output[j * rows.size + i] = input[i * columns.size + j] + other[j * rows.size + i];
      }
    });
  });
}

}  // namespace timetrial
