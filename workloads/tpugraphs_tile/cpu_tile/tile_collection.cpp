#include "workloads/tpugraphs_tile/cpu_tile/tile_collection.h"

#include <array>
#include <utility>

namespace timetrial {
namespace {

constexpr std::array<std::array<int64_t, 3>, 16> kMatrixMultiplies = {{{128, 128, 128},
                                                                       {64, 256, 128},
                                                                       {256, 64, 128},
                                                                       {128, 64, 256},
                                                                       {96, 96, 192},
                                                                       {32, 512, 128},
                                                                       {512, 32, 128},
                                                                       {160, 160, 80},
                                                                       {64, 64, 512},
                                                                       {100, 200, 100},
                                                                       {48, 384, 96},
                                                                       {384, 48, 96},
                                                                       {128, 256, 64},
                                                                       {256, 128, 64},
                                                                       {72, 144, 216},
                                                                       {80, 320, 80}}};
constexpr std::array<std::array<int64_t, 4>, 12> kConvolutions = {{{14, 14, 32, 32},
                                                                   {28, 28, 16, 16},
                                                                   {7, 7, 64, 64},
                                                                   {16, 32, 16, 16},
                                                                   {10, 20, 32, 32},
                                                                   {14, 28, 8, 64},
                                                                   {14, 28, 64, 8},
                                                                   {8, 64, 16, 16},
                                                                   {20, 20, 24, 24},
                                                                   {7, 14, 64, 32},
                                                                   {12, 12, 48, 32},
                                                                   {32, 32, 8, 24}}};
constexpr std::array<std::array<int64_t, 3>, 12> kDepthwiseConvolutions = {{{28, 28, 128},
                                                                            {56, 56, 32},
                                                                            {14, 14, 512},
                                                                            {32, 64, 64},
                                                                            {64, 32, 64},
                                                                            {112, 28, 32},
                                                                            {16, 16, 384},
                                                                            {28, 56, 64},
                                                                            {40, 40, 64},
                                                                            {24, 24, 160},
                                                                            {20, 80, 64},
                                                                            {96, 16, 64}}};
constexpr std::array<std::array<int64_t, 2>, 8> kNormalisations = {
    {{256, 1024}, {1024, 256}, {512, 512}, {128, 2048}, {2048, 128}, {384, 768}, {768, 384}, {320, 960}}};
constexpr std::array<std::array<int64_t, 2>, 8> kRowSums = {{{1024, 1024},
                                                             {512, 2048},
                                                             {2048, 512},
                                                             {4096, 256},
                                                             {256, 4096},
                                                             {768, 1024},
                                                             {1024, 768},
                                                             {1500, 700}}};
constexpr std::array<std::array<int64_t, 2>, 8> kTransposeAdds = {
    {{512, 512}, {1024, 256}, {256, 1024}, {384, 640}, {640, 384}, {2048, 128}, {128, 2048}, {700, 300}}};

template <typename Shapes, typename Make>
void add(std::vector<CollectedKernel>& collection, const Shapes& shapes, Make make) {
  for (const auto& shape : shapes) {
    const size_t place = collection.size() % 8;
    collection.push_back({place == 3   ? "valid"
                          : place == 7 ? "test"
                                       : "train",
                          [shape, make] { return std::apply(make, shape); }});
  }
}

}  // namespace

std::vector<CollectedKernel> tile_collection() {
  std::vector<CollectedKernel> collection;
  add(collection, kMatrixMultiplies, matrix_multiply_kernel);
  add(collection, kConvolutions, convolution_kernel);
  add(collection, kDepthwiseConvolutions, depthwise_convolution_kernel);
  add(collection, kNormalisations, normalisation_kernel);
  add(collection, kRowSums, row_sum_kernel);
  add(collection, kTransposeAdds, transpose_add_kernel);
  return collection;
}

}  // namespace timetrial
