#include "workloads/tpugraphs_tile/cpu_tile/tile_kernel.h"

#include <memory>
#include <utility>

#include "harness/random/split_mix.h"
#include "workloads/tpugraphs_tile/cpu_tile/kernel_graphs.h"
#include "workloads/tpugraphs_tile/cpu_tile/loop_nests.h"
#include "workloads/tpugraphs_tile/cpu_tile/tile_choices.h"

namespace timetrial {
namespace {

using Sizes = std::vector<int64_t>;
using Floats = std::vector<float>;

// What a kernel works on.
struct Arrays {
  Floats first, second, output, scratch;
};

// In [-0.5, 0.5): no infinities, no denormals.
Floats made_up(int64_t count) {
  Floats values(static_cast<size_t>(count));
  uint64_t state = static_cast<uint64_t>(count);
  for (float& value : values)
    value = static_cast<float>(split_mix_bits(state += kSplitMixIncrement) >> 40) / 16777216.0F - 0.5F;
  return values;
}

std::string name_of(std::string operation, const Sizes& sizes) {
  for (const int64_t size : sizes) operation += "_" + std::to_string(size);
  return operation;
}

// `place`: a choice of tile sizes, in the order of `tiled` -> the configuration that says so; `run` takes the
// choice back from it.
TileKernel kernel_of(std::string name, ComputationGraph graph, const Sizes& tiled,
                     const std::function<TileConfiguration(const Sizes&)>& place,
                     std::function<void(const TileConfiguration&)> run, std::shared_ptr<Arrays> arrays) {
  TileKernel kernel;
  kernel.name = std::move(name);
  kernel.graph = std::move(graph);
  for (const Sizes& choice : tile_choices(tiled)) kernel.configurations.push_back(place(choice));
  kernel.run = std::move(run);
  kernel.output = [arrays = std::move(arrays)] { return std::span<const float>(arrays->output); };
  return kernel;
}

std::shared_ptr<Arrays> arrays_of(int64_t first, int64_t second, int64_t output, int64_t scratch = 0) {
  return std::make_shared<Arrays>(Arrays{made_up(first), made_up(second), Floats(static_cast<size_t>(output)),
                                         Floats(static_cast<size_t>(scratch))});
}

}  // namespace

TileKernel matrix_multiply_kernel(int64_t m, int64_t n, int64_t k) {
  const auto arrays = arrays_of(m * k, k * n, m * n);
  return kernel_of(
      name_of("matrix_multiply", {m, n, k}), matrix_multiply_graph(m, n, k), {m, n, k},
      [](const Sizes& tile) {
        return TileConfiguration{{tile[2]}, {tile[0], tile[1]}, {}};
      },
      [=](const TileConfiguration& tile) {
        multiply_matrices(arrays->first.data(), arrays->second.data(), arrays->output.data(),
                          {m, tile.output_bounds[0]}, {n, tile.output_bounds[1]}, {k, tile.kernel_bounds[0]});
      },
      arrays);
}

TileKernel convolution_kernel(int64_t height, int64_t width, int64_t inputs, int64_t outputs) {
  const auto arrays =
      arrays_of((height + 2) * (width + 2) * inputs, 9 * inputs * outputs, height * width * outputs);
  return kernel_of(
      name_of("convolution", {height, width, inputs, outputs}),
      convolution_graph(height, width, inputs, outputs), {width, inputs, outputs},
      [](const Sizes& tile) {
        return TileConfiguration{{3, 3, tile[1]}, {1, 1, tile[0], tile[2]}, {}};
      },
      [=](const TileConfiguration& tile) {
        convolve(arrays->first.data(), arrays->second.data(), arrays->output.data(), height,
                 {width, tile.output_bounds[2]}, {inputs, tile.kernel_bounds[2]},
                 {outputs, tile.output_bounds[3]});
      },
      arrays);
}

TileKernel depthwise_convolution_kernel(int64_t height, int64_t width, int64_t channels) {
  const auto arrays =
      arrays_of((height + 2) * (width + 2) * channels, 9 * channels, height * width * channels);
  return kernel_of(
      name_of("depthwise_convolution", {height, width, channels}),
      depthwise_convolution_graph(height, width, channels), {height, width, channels},
      [](const Sizes& tile) {
        return TileConfiguration{{3, 3}, {1, tile[0], tile[1], tile[2]}, {}};
      },
      [=](const TileConfiguration& tile) {
        convolve_depthwise(arrays->first.data(), arrays->second.data(), arrays->output.data(),
                           {height, tile.output_bounds[1]}, {width, tile.output_bounds[2]},
                           {channels, tile.output_bounds[3]});
      },
      arrays);
}

TileKernel normalisation_kernel(int64_t rows, int64_t columns) {
  const auto arrays = arrays_of(rows * columns, 0, rows * columns, 2 * rows);
  return kernel_of(
      name_of("normalisation", {rows, columns}), normalisation_graph(rows, columns), {rows, columns},
      [](const Sizes& tile) {
        return TileConfiguration{{}, tile, {}};
      },
      [=](const TileConfiguration& tile) {
        normalise_rows_in_tiles(arrays->first.data(), arrays->output.data(), arrays->scratch.data(),
                                {rows, tile.output_bounds[0]}, {columns, tile.output_bounds[1]});
      },
      arrays);
}

TileKernel row_sum_kernel(int64_t rows, int64_t columns) {
  const auto arrays = arrays_of(rows * columns, 0, columns);
  return kernel_of(
      name_of("row_sum", {rows, columns}), row_sum_graph(rows, columns), {rows, columns},
      [](const Sizes& tile) {
        return TileConfiguration{{tile[0]}, {tile[1]}, {}};
      },
      [=](const TileConfiguration& tile) {
        sum_rows_in_tiles(arrays->first.data(), arrays->output.data(), {rows, tile.kernel_bounds[0]},
                          {columns, tile.output_bounds[0]});
      },
      arrays);
}

TileKernel transpose_add_kernel(int64_t rows, int64_t columns) {
  const auto arrays = arrays_of(rows * columns, rows * columns, rows * columns);
  return kernel_of(
      name_of("transpose_add", {rows, columns}), transpose_add_graph(rows, columns), {rows, columns},
      [](const Sizes& tile) {
        return TileConfiguration{{}, {tile[1], tile[0]}, {}};
      },
      [=](const TileConfiguration& tile) {
        transpose_and_add(arrays->first.data(), arrays->second.data(), arrays->output.data(),
                          {rows, tile.output_bounds[1]}, {columns, tile.output_bounds[0]});
      },
      arrays);
}

}  // namespace timetrial
