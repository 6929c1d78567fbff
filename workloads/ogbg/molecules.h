#pragma once

// Molecules as graphs, from OGB's raw download of ogbg-molpcba or a data set in its layout:
//
//   raw/num-node-list.csv.gz  atoms of each molecule         raw/node-feat.csv.gz  9 integers an atom
//   raw/num-edge-list.csv.gz  bonds of each molecule         raw/edge-feat.csv.gz  3 integers a bond
//   raw/edge.csv.gz           two atoms a bond, counted within the molecule, each bond once
//   raw/graph-label.csv.gz    0, 1 or missing for every task
//   split/scaffold/{train,valid,test}.csv.gz                 numbers of molecules
//
// Each file may also be there without .gz. mapping/ is not read.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

inline constexpr int kAtomFeatures = 9;
inline constexpr int kBondFeatures = 3;

struct Molecules {
  int tasks = 0;
  std::vector<int64_t> first_atom;  // [count + 1]: atoms of molecule m are [first_atom[m], first_atom[m + 1])
  std::vector<int64_t> first_bond;  // [count + 1]
  std::vector<uint8_t> atom_features;  // [atoms, 9]
  std::vector<uint8_t> bond_features;  // [bonds, 3]
  std::vector<uint16_t> bond_ends;     // [bonds, 2], atoms counted within the molecule
  std::vector<int8_t> labels;          // [count, tasks]: 0, 1 or kMissingLabel
  std::vector<uint32_t> train, validation, test;

  int64_t count() const { return static_cast<int64_t>(first_atom.size()) - 1; }
  int64_t atoms(uint32_t molecule) const { return first_atom[molecule + 1] - first_atom[molecule]; }
  int64_t bonds(uint32_t molecule) const { return first_bond[molecule + 1] - first_bond[molecule]; }
};

// The nine tables as text, each with the name that errors show.
struct MoleculeTables {
  struct Table {
    std::string name;
    std::string text;
  };
  Table atom_counts, bond_counts, atom_features, bond_features, bond_ends, labels, train, validation, test;
};

// Which splits there are; without those held back their molecules are blank, as write_molecules_training()
// leaves them.
enum class MoleculeSplits { all, train };

// Pure. Throws UserError when a value is not what the table holds, the counts do not add up, a bond names an
// atom its molecule does not have, a split is empty, names a molecule that is not there, or a molecule is in
// two splits. Uses up the texts: each is freed when it was read.
Molecules parse_molecules(MoleculeTables tables, int tasks, MoleculeSplits splits = MoleculeSplits::all);

// Reads and parses the files. Throws UserError also for missing files, naming all of them, and for damaged
// ones.
Molecules read_molecules(const std::filesystem::path& data_set, int tasks,
                         MoleculeSplits splits = MoleculeSplits::all);

// Copies the tables of a data set to another folder with nothing left of the molecules that are not in the
// training split but their numbers of atoms and bonds, by which batches are cut: other rows of theirs are
// zeros, labels are missing. `molecules`: what read_molecules() found in the data set.
void write_molecules_training(const Molecules& molecules, const std::filesystem::path& data_set,
                              const std::filesystem::path& folder);
bool has_molecules_training(const std::filesystem::path& folder);

// CRC-32 of everything, as 8 hexadecimal digits.
std::string molecules_fingerprint(const Molecules& molecules);

}  // namespace timetrial
