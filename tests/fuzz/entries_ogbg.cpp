#include "entries_ogbg.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/errors/user_error.h"
#include "memory_file.h"
#include "require.h"
#include "workloads/data/whole_file.h"
#include "workloads/ogbg/csv_rows.h"
#include "workloads/ogbg/molecule_packing.h"
#include "workloads/ogbg/molecules.h"

namespace timetrial {
namespace {

constexpr int kTasks = 3;

void require_whole(const Molecules& molecules) {
  const auto count = static_cast<uint32_t>(molecules.count());
  require(molecules.labels.size() == static_cast<size_t>(count) * kTasks, "a label an entry");
  for (uint32_t m = 0; m < count; ++m) {
    require(molecules.atoms(m) > 0 && molecules.bonds(m) >= 0, "atoms and bonds");
    for (int64_t i = 2 * molecules.first_bond[m]; i < 2 * molecules.first_bond[m + 1]; ++i) {
      require(molecules.bond_ends[static_cast<size_t>(i)] < molecules.atoms(m), "bonds end at atoms");
    }
  }
  require(molecules.atom_features.size() == static_cast<size_t>(molecules.first_atom.back()) * kAtomFeatures,
          "features of every atom");
  require(molecules.bond_features.size() == static_cast<size_t>(molecules.first_bond.back()) * kBondFeatures,
          "features of every bond");
  for (const auto* split : {&molecules.train, &molecules.validation, &molecules.test}) {
    require(!split->empty() && *std::max_element(split->begin(), split->end()) < count,
            "splits of molecules");
  }
  PackedEpochs epochs(molecules, 2, 1);
  for (int i = 0; i < 4; ++i) require(!epochs.next().empty(), "a batch holds a molecule");
}

}  // namespace

void fuzz_ogbg_tables(std::string_view bytes) {
  MoleculeTables tables;
  for (auto* table : {&tables.atom_counts, &tables.bond_counts, &tables.atom_features, &tables.bond_features,
                      &tables.bond_ends, &tables.labels, &tables.train, &tables.validation, &tables.test}) {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    *table = {"table", std::string(bytes.substr(0, end))};
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  try {
    require_whole(parse_molecules(std::move(tables), kTasks));
  } catch (const UserError&) {
  }
}

void fuzz_ogbg_file(std::string_view bytes) {
  const auto attempt = [](auto&& action) {
    try {
      action();
    } catch (const UserError&) {
    }
  };
  std::string text;
  attempt([&] { text = read_gzip_or_plain(MemoryFile(bytes).path()); });
  attempt([&] {
    for (const int8_t label : parse_label_rows(text, kTasks, "labels")) {
      require(label >= kMissingLabel && label <= 1, "a label is 0, 1 or missing");
    }
  });
  for (const int columns : {1, 2}) {
    attempt([&] {
      const auto values = parse_integer_rows(text, columns, 0, 255, "integers");
      require(values.size() % static_cast<size_t>(columns) == 0, "whole rows");
      for (const int32_t value : values) require(value >= 0 && value <= 255, "in range");
    });
  }
}

}  // namespace timetrial
