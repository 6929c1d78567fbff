#pragma once

// Data sets in the layout of OGB's raw download, made up.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <zlib.h>

#include "harness/random/split_mix.h"

namespace timetrial {

// Name within the data set, without .gz -> text.
using OgbgFiles = std::map<std::string, std::string>;

// Five molecules, three tasks: a ring of 3, a chain of 2, a single atom, a chain of 3, a chain of 2.
inline OgbgFiles small_ogbg_files() {
  const auto atoms = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += std::to_string(i) + ",0,4,5,3,0,2,1,0\n";
    return text;
  };
  return {{"raw/num-node-list.csv", "3\n2\n1\n3\n2\n"},
          {"raw/num-edge-list.csv", "3\n1\n0\n2\n1\n"},
          {"raw/node-feat.csv", atoms(11)},
          {"raw/edge-feat.csv", "0,0,0\n1,0,1\n2,0,0\n3,0,1\n0,0,0\n1,0,0\n2,1,0\n"},
          {"raw/edge.csv", "0,1\n1,2\n0,2\n0,1\n0,1\n1,2\n1,0\n"},
          {"raw/graph-label.csv", "0.0,1.0,\n1,nan,0\n,,1\n0,0,0\n1,1,1\n"},
          {"split/scaffold/train.csv", "0\n2\n4\n"},
          {"split/scaffold/valid.csv", "1\n"},
          {"split/scaffold/test.csv", "3\n"}};
}

// `count` molecules alike: 26 atoms, 28 bonds at random between them, `tasks` labels of which a third is
// missing; the last two tenths of the molecules are held out.
inline OgbgFiles synthetic_ogbg_files(int64_t count, int tasks, uint64_t seed) {
  constexpr int kAtoms = 26;
  constexpr int kBonds = 28;
  uint64_t state = seed;
  const auto draw = [&state](uint64_t bound) {
    return std::to_string(split_mix_bits(state += kSplitMixIncrement) % bound);
  };
  const auto add_row = [&draw](std::string& text, int columns, uint64_t bound) {
    for (int i = 0; i < columns; ++i) text += (i > 0 ? "," : "") + draw(bound);
    text += '\n';
  };
  OgbgFiles files;
  for (int64_t m = 0; m < count; ++m) {
    files["raw/num-node-list.csv"] += std::to_string(kAtoms) + "\n";
    files["raw/num-edge-list.csv"] += std::to_string(kBonds) + "\n";
    for (int i = 0; i < kAtoms; ++i) add_row(files["raw/node-feat.csv"], 9, 5);
    for (int i = 0; i < kBonds; ++i) add_row(files["raw/edge-feat.csv"], 3, 3);
    for (int i = 0; i < kBonds; ++i) add_row(files["raw/edge.csv"], 2, kAtoms);
    for (int i = 0; i < tasks; ++i) {
      const std::string label = draw(3);
      files["raw/graph-label.csv"] += (i > 0 ? "," : "") + (label == "2" ? "" : label + ".0");
    }
    files["raw/graph-label.csv"] += '\n';
    const int64_t tenth = m * 10 / count;
    const char* split = tenth < 8 ? "train" : tenth == 8 ? "valid" : "test";
    files[std::string("split/scaffold/") + split + ".csv"] += std::to_string(m) + "\n";
  }
  return files;
}

inline void write_gzip(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  gzFile stream = gzopen(file.c_str(), "wb1");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
}

// As <folder>/raw/edge.csv.gz and so on.
inline void write_ogbg_files(const std::filesystem::path& folder, const OgbgFiles& files) {
  for (const auto& [name, text] : files) write_gzip(folder / (name + ".gz"), text);
}

}  // namespace timetrial
