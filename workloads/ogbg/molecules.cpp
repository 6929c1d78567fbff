#include "workloads/ogbg/molecules.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <numeric>
#include <span>
#include <sstream>
#include <utility>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "workloads/data/idx_file.h"
#include "workloads/data/whole_file.h"
#include "workloads/ogbg/csv_rows.h"

namespace timetrial {
namespace {

using Table = MoleculeTables::Table;

constexpr const char* kSameDownload = "copy all files of one download of ogbg-molpcba again";

// Frees the text.
std::vector<int32_t> take_integers(Table& table, int columns, int32_t lowest, int32_t highest) {
  std::vector<int32_t> values = parse_integer_rows(table.text, columns, lowest, highest, table.name);
  std::string().swap(table.text);
  return values;
}

template <typename Narrow>
std::vector<Narrow> take_narrow(Table& table, int columns) {
  const std::vector<int32_t> values = take_integers(table, columns, 0, std::numeric_limits<Narrow>::max());
  return {values.begin(), values.end()};
}

// [count + 1] places from [count] sizes.
std::vector<int64_t> places(const std::vector<int32_t>& sizes) {
  std::vector<int64_t> first = {0};
  first.reserve(sizes.size() + 1);
  for (const int32_t size : sizes) first.push_back(first.back() + size);
  return first;
}

void check_rows(const Table& table, size_t found, int64_t expected, const Table& counted_by) {
  if (static_cast<int64_t>(found) == expected) return;
  throw UserError(
      {"the table should have " + std::to_string(expected) + " lines, as " + counted_by.name + " says",
       table.name, std::to_string(found), kSameDownload});
}

void check_bond_ends(const Molecules& molecules, const Table& table) {
  for (int64_t m = 0; m < molecules.count(); ++m) {
    const int64_t atoms = molecules.atoms(static_cast<uint32_t>(m));
    for (int64_t i = 2 * molecules.first_bond[static_cast<size_t>(m)];
         i < 2 * molecules.first_bond[static_cast<size_t>(m) + 1]; ++i) {
      const int64_t atom = molecules.bond_ends[static_cast<size_t>(i)];
      if (atom < atoms) continue;
      throw UserError({"a bond of molecule " + std::to_string(m) +
                           " names an atom it does not have: it has " + std::to_string(atoms),
                       table.name + ", line " + std::to_string(i / 2 + 1), std::to_string(atom),
                       kSameDownload});
    }
  }
}

// Numbers of molecules; `taken` marks those of earlier splits.
std::vector<uint32_t> take_split(Table& table, std::vector<bool>& taken) {
  const std::vector<int32_t> values = take_integers(table, 1, 0, std::numeric_limits<int32_t>::max());
  if (values.empty()) throw UserError({"the split is empty", table.name, "", kSameDownload});
  for (size_t i = 0; i < values.size(); ++i) {
    const auto molecule = static_cast<size_t>(values[i]);
    const char* wrong = molecule >= taken.size() ? "the split names a molecule that is not there: there are "
                        : taken[molecule]
                            ? "the split names a molecule twice, or one of another split, out of "
                            : nullptr;
    if (wrong != nullptr) {
      throw UserError({wrong + std::to_string(taken.size()), table.name + ", line " + std::to_string(i + 1),
                       std::to_string(values[i]), kSameDownload});
    }
    taken[molecule] = true;
  }
  return {values.begin(), values.end()};
}

struct File {
  Table MoleculeTables::*table;
  const char* name;
};

constexpr File kFiles[] = {
    {&MoleculeTables::atom_counts, "raw/num-node-list.csv"},
    {&MoleculeTables::bond_counts, "raw/num-edge-list.csv"},
    {&MoleculeTables::atom_features, "raw/node-feat.csv"},
    {&MoleculeTables::bond_features, "raw/edge-feat.csv"},
    {&MoleculeTables::bond_ends, "raw/edge.csv"},
    {&MoleculeTables::labels, "raw/graph-label.csv"},
    {&MoleculeTables::train, "split/scaffold/train.csv"},
    {&MoleculeTables::validation, "split/scaffold/valid.csv"},
    {&MoleculeTables::test, "split/scaffold/test.csv"},
};

std::span<const File> files_of(MoleculeSplits splits) {
  constexpr size_t kHeldBack = 2;  // the last ones
  return std::span(kFiles).first(std::size(kFiles) - (splits == MoleculeSplits::train ? kHeldBack : 0));
}

// Which rows of a table are a molecule's: those from rows[m] on, up to rows[m + 1]. Null: the table tells
// nothing but sizes and numbers.
const std::vector<int64_t>* rows_of(Table MoleculeTables::*table, const Molecules& molecules,
                                    const std::vector<int64_t>& one_each) {
  if (table == &MoleculeTables::atom_features) return &molecules.first_atom;
  if (table == &MoleculeTables::bond_features || table == &MoleculeTables::bond_ends)
    return &molecules.first_bond;
  return table == &MoleculeTables::labels ? &one_each : nullptr;
}

// The rows of molecules that are not kept hold `blank` in every column.
std::string blanked(const std::string& text, const std::vector<int64_t>& rows, const std::vector<bool>& kept,
                    const std::string& blank) {
  std::string result;
  result.reserve(text.size());
  std::istringstream lines(text);
  std::string line;
  for (size_t molecule = 0; molecule < kept.size(); ++molecule) {
    for (int64_t row = rows[molecule]; row < rows[molecule + 1]; ++row) {
      std::getline(lines, line);
      if (kept[molecule]) {
        result += line;
      } else {
        result += blank;
        for (auto columns = std::count(line.begin(), line.end(), ','); columns > 0; --columns)
          result += "," + blank;
      }
      result += '\n';
    }
  }
  return result;
}

}  // namespace

Molecules parse_molecules(MoleculeTables tables, int tasks, MoleculeSplits splits) {
  constexpr int32_t kMostAtoms = std::numeric_limits<uint16_t>::max();
  constexpr int32_t kMostBonds = 1 << 24;
  Molecules molecules;
  molecules.tasks = tasks;
  molecules.first_atom = places(take_integers(tables.atom_counts, 1, 1, kMostAtoms));
  molecules.first_bond = places(take_integers(tables.bond_counts, 1, 0, kMostBonds));
  check_rows(tables.bond_counts, molecules.first_bond.size() - 1, molecules.count(), tables.atom_counts);
  molecules.atom_features = take_narrow<uint8_t>(tables.atom_features, kAtomFeatures);
  check_rows(tables.atom_features, molecules.atom_features.size() / kAtomFeatures,
             molecules.first_atom.back(), tables.atom_counts);
  molecules.bond_features = take_narrow<uint8_t>(tables.bond_features, kBondFeatures);
  check_rows(tables.bond_features, molecules.bond_features.size() / kBondFeatures,
             molecules.first_bond.back(), tables.bond_counts);
  molecules.bond_ends = take_narrow<uint16_t>(tables.bond_ends, 2);
  check_rows(tables.bond_ends, molecules.bond_ends.size() / 2, molecules.first_bond.back(),
             tables.bond_counts);
  check_bond_ends(molecules, tables.bond_ends);
  molecules.labels = parse_label_rows(tables.labels.text, tasks, tables.labels.name);
  check_rows(tables.labels, molecules.labels.size() / static_cast<size_t>(tasks), molecules.count(),
             tables.atom_counts);
  std::vector<bool> taken(static_cast<size_t>(molecules.count()));
  molecules.train = take_split(tables.train, taken);
  if (splits == MoleculeSplits::train) return molecules;
  molecules.validation = take_split(tables.validation, taken);
  molecules.test = take_split(tables.test, taken);
  return molecules;
}

Molecules read_molecules(const std::filesystem::path& data_set, int tasks, MoleculeSplits splits) {
  const std::span<const File> files = files_of(splits);
  std::string missing;
  for (const File& file : files) {
    if (find_plain_or_gzip(data_set, file.name).empty())
      missing += (missing.empty() ? "" : ", ") + std::string(file.name) + ".gz";
  }
  if (!missing.empty()) {
    throw UserError({"files of ogbg-molpcba are missing", data_set.string(), missing,
                     "unpack OGB's download so that the folders raw and split lie there (full tier), or run "
                     "`timetrial prepare ogbg --tier mini`"});
  }
  MoleculeTables tables;
  for (const File& file : files) {
    const auto path = find_plain_or_gzip(data_set, file.name);
    tables.*file.table = {path.string(), read_gzip_or_plain(path)};
  }
  return parse_molecules(std::move(tables), tasks, splits);
}

bool has_molecules_training(const std::filesystem::path& folder) {
  const std::span<const File> files = files_of(MoleculeSplits::train);
  return std::ranges::all_of(files,
                             [&](const File& file) { return std::filesystem::exists(folder / file.name); });
}

void write_molecules_training(const Molecules& molecules, const std::filesystem::path& data_set,
                              const std::filesystem::path& folder) {
  std::vector<bool> kept(static_cast<size_t>(molecules.count()));
  for (const uint32_t molecule : molecules.train) kept[molecule] = true;
  std::vector<int64_t> one_each(kept.size() + 1);
  std::iota(one_each.begin(), one_each.end(), 0);
  for (const File& file : files_of(MoleculeSplits::train)) {
    const std::vector<int64_t>* rows = rows_of(file.table, molecules, one_each);
    std::string text = read_gzip_or_plain(find_plain_or_gzip(data_set, file.name));
    if (rows != nullptr)
      text = blanked(text, *rows, kept, file.table == &MoleculeTables::labels ? "nan" : "0");
    write_whole_file(folder / file.name, text);
  }
}

std::string molecules_fingerprint(const Molecules& molecules) {
  uLong sum = crc32(0, nullptr, 0);
  const auto add = [&sum](const auto& values) {
    sum = crc32_z(sum, reinterpret_cast<const Bytef*>(values.data()), values.size() * sizeof(values[0]));
  };
  add(molecules.first_atom);
  add(molecules.first_bond);
  add(molecules.atom_features);
  add(molecules.bond_features);
  add(molecules.bond_ends);
  add(molecules.labels);
  add(molecules.train);
  add(molecules.validation);
  add(molecules.test);
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%08lx", sum);
  return digits;
}

}  // namespace timetrial
