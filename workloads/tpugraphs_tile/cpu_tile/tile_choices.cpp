#include "workloads/tpugraphs_tile/cpu_tile/tile_choices.h"

#include <algorithm>

namespace timetrial {
namespace {

constexpr size_t kManyDimensions = 3;
constexpr int64_t kDefaultTile = 32;

std::vector<int64_t> legal_tiles(int64_t size, bool many) {
  std::vector<int64_t> tiles;
  for (int64_t tile = many ? 4 : 1; tile <= std::min<int64_t>(size, many ? 128 : 1024); tile *= 2)
    tiles.push_back(tile);
  if (tiles.empty()) tiles.push_back(size);
  return tiles;
}

int64_t default_tile(const std::vector<int64_t>& tiles) {
  int64_t chosen = tiles.front();
  for (const int64_t tile : tiles) {
    if (tile <= kDefaultTile) chosen = tile;
  }
  return chosen;
}

}  // namespace

std::vector<std::vector<int64_t>> tile_choices(const std::vector<int64_t>& sizes) {
  std::vector<std::vector<int64_t>> choices = {{}};
  std::vector<int64_t> by_default;
  for (const int64_t size : sizes) {
    const std::vector<int64_t> tiles = legal_tiles(size, sizes.size() >= kManyDimensions);
    by_default.push_back(default_tile(tiles));
    std::vector<std::vector<int64_t>> longer;
    for (const std::vector<int64_t>& choice : choices) {
      for (const int64_t tile : tiles) {
        longer.push_back(choice);
        longer.back().push_back(tile);
      }
    }
    choices = std::move(longer);
  }
  const auto place = std::find(choices.begin(), choices.end(), by_default);
  std::rotate(choices.begin(), place, place + 1);
  return choices;
}

}  // namespace timetrial
