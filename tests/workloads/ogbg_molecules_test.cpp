#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "ogbg_files.h"
#include "workloads/ogbg/csv_rows.h"
#include "workloads/ogbg/molecule_packing.h"
#include "workloads/ogbg/molecules.h"
#include "workloads/ogbg/task_counts.h"
#include "workloads/preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_ogbg();

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kTasks = 3;

TEST(CsvRows, IntegersAndLineEnds) {
  EXPECT_THAT(parse_integer_rows("1,2\r\n3,-4\n5,6", 2, -4, 6, "f"), ElementsAre(1, 2, 3, -4, 5, 6));
  EXPECT_TRUE(parse_integer_rows("", 2, 0, 9, "f").empty());
}

TEST(CsvRows, MissingLabels) {
  EXPECT_THAT(parse_label_rows("0.0,1.0,,nan\n,,,\n1,0,NaN,1\n", 4, "f"),
              ElementsAre(0, 1, -1, -1, -1, -1, -1, -1, 1, 0, -1, 1));
}

TEST(CsvRows, WhatIsNoTableNamesFileAndLine) {
  const auto error = [](const std::string& text) {
    return user_error_of([&] { parse_integer_rows(text, 2, 0, 255, "node-feat.csv.gz"); });
  };
  EXPECT_THAT(error("1,2\n3,4,5\n"), AllOf(HasSubstr("node-feat.csv.gz, line 2"), HasSubstr("2 values")));
  EXPECT_THAT(error("1\n"), HasSubstr("line 1"));
  EXPECT_THAT(error("1,2\n\n3,4\n"), HasSubstr("line 2"));
  for (const char* value : {"1.5", "x", "", "256", "-1", "99999999999999999999", " 1", "1 ", "0x1"}) {
    EXPECT_THAT(error(std::string("0,") + value + "\n"), HasSubstr("integer from 0 to 255")) << value;
  }
  EXPECT_THAT(user_error_of([&] { parse_label_rows("0,2\n", 2, "l"); }), HasSubstr("0, 1 or missing"));
}

// Of the molecules that are not in the training split.
void expect_only_training(const Molecules& found, const Molecules& whole) {
  EXPECT_EQ(found.train, whole.train);
  EXPECT_TRUE(found.validation.empty() && found.test.empty());
  EXPECT_EQ(found.first_atom, whole.first_atom);
  EXPECT_EQ(found.first_bond, whole.first_bond);
  Molecules blank = whole;
  const auto clear = [](auto& values, int64_t first, int64_t last, int64_t columns, auto value) {
    std::fill(values.begin() + first * columns, values.begin() + last * columns, value);
  };
  for (const auto* split : {&whole.validation, &whole.test}) {
    for (const uint32_t m : *split) {
      clear(blank.atom_features, whole.first_atom[m], whole.first_atom[m + 1], kAtomFeatures, uint8_t{0});
      clear(blank.bond_features, whole.first_bond[m], whole.first_bond[m + 1], kBondFeatures, uint8_t{0});
      clear(blank.bond_ends, whole.first_bond[m], whole.first_bond[m + 1], 2, uint16_t{0});
      clear(blank.labels, m, m + 1, whole.tasks, kMissingLabel);
    }
  }
  EXPECT_EQ(found.atom_features, blank.atom_features);
  EXPECT_EQ(found.bond_features, blank.bond_features);
  EXPECT_EQ(found.bond_ends, blank.bond_ends);
  EXPECT_EQ(found.labels, blank.labels);
}

class OgbgMolecules : public testing::Test {
 protected:
  Molecules read() {
    write_ogbg_files(folder_.path(), files_);
    return read_molecules(folder_.path(), kTasks);
  }
  // With one file's text replaced.
  std::string error(const std::string& name, const std::string& text) {
    OgbgFiles changed = files_;
    changed.at(name) = text;
    write_ogbg_files(folder_.path(), changed);
    return user_error_of([&] { read_molecules(folder_.path(), kTasks); });
  }

  TemporaryFolder folder_;
  OgbgFiles files_ = small_ogbg_files();
};

TEST_F(OgbgMolecules, TablesAreReadAsTheyAre) {
  const Molecules molecules = read();
  EXPECT_EQ(molecules.count(), 5);
  EXPECT_THAT(molecules.first_atom, ElementsAre(0, 3, 5, 6, 9, 11));
  EXPECT_THAT(molecules.first_bond, ElementsAre(0, 3, 4, 4, 6, 7));
  EXPECT_EQ(molecules.atom_features[9 * 7], 7);
  EXPECT_EQ(molecules.bond_features[3 * 6 + 1], 1);
  EXPECT_EQ(molecules.bond_ends[2 * 6], 1);
  EXPECT_THAT(molecules.labels, ElementsAre(0, 1, -1, 1, -1, 0, -1, -1, 1, 0, 0, 0, 1, 1, 1));
  EXPECT_THAT(molecules.train, ElementsAre(0, 2, 4));
  EXPECT_THAT(molecules.validation, ElementsAre(1));
  EXPECT_THAT(molecules.test, ElementsAre(3));
}

TEST_F(OgbgMolecules, FilesMayLieThereUnpacked) {
  const std::string before = molecules_fingerprint(read());
  std::filesystem::remove(folder_.path() / "raw/edge.csv.gz");
  folder_.write("raw/edge.csv", files_.at("raw/edge.csv"));
  EXPECT_EQ(molecules_fingerprint(read_molecules(folder_.path(), kTasks)), before);
  folder_.write("raw/edge.csv", "1,0" + files_.at("raw/edge.csv").substr(3));
  EXPECT_NE(molecules_fingerprint(read_molecules(folder_.path(), kTasks)), before);
}

TEST_F(OgbgMolecules, TheTrainingFolderHoldsNothingElseButSizes) {
  const Molecules whole = read();
  const auto folder = folder_.path() / kTrainingFolder;
  EXPECT_FALSE(has_molecules_training(folder));
  write_molecules_training(whole, folder_.path(), folder);
  EXPECT_TRUE(has_molecules_training(folder));
  expect_only_training(read_molecules(folder, kTasks, MoleculeSplits::train), whole);
  std::ifstream labels(folder / "raw/graph-label.csv");
  const std::string text{std::istreambuf_iterator<char>(labels), {}};
  EXPECT_EQ(text, "0.0,1.0,\nnan,nan,nan\n,,1\nnan,nan,nan\n1,1,1\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "split/scaffold/valid.csv"));
}

TEST_F(OgbgMolecules, AMoleculeWithoutBondsIsAMolecule) {
  const Molecules molecules = read();
  EXPECT_EQ(molecules.atoms(2), 1);
  EXPECT_EQ(molecules.bonds(2), 0);
}

TEST_F(OgbgMolecules, AHalfDownloadedFolderNamesWhatIsMissing) {
  read();
  std::filesystem::remove(folder_.path() / "raw/node-feat.csv.gz");
  std::filesystem::remove(folder_.path() / "split/scaffold/test.csv.gz");
  EXPECT_THAT(user_error_of([&] { read_molecules(folder_.path(), kTasks); }),
              HasSubstr("raw/node-feat.csv.gz, split/scaffold/test.csv.gz"));
}

TEST_F(OgbgMolecules, ATruncatedFileIsNamed) {
  read();
  const auto file = folder_.path() / "raw/node-feat.csv.gz";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 9);
  EXPECT_THAT(user_error_of([&] { read_molecules(folder_.path(), kTasks); }),
              AllOf(HasSubstr("node-feat.csv.gz"), HasSubstr("damaged or incomplete")));
}

TEST_F(OgbgMolecules, CountsThatDoNotAddUp) {
  EXPECT_THAT(error("raw/num-node-list.csv", "3\n2\n1\n3\n3\n"),
              AllOf(HasSubstr("node-feat.csv.gz"), HasSubstr("12 lines"), HasSubstr("num-node-list")));
  EXPECT_THAT(error("raw/num-edge-list.csv", "3\n1\n0\n2\n"), HasSubstr("should have 5 lines"));
  EXPECT_THAT(error("raw/num-edge-list.csv", "3\n1\n0\n2\n2\n"), HasSubstr("edge-feat.csv.gz"));
  EXPECT_THAT(error("raw/edge.csv", "0,1\n"), HasSubstr("should have 7 lines"));
  EXPECT_THAT(error("raw/graph-label.csv", "0,0,0\n"), HasSubstr("should have 5 lines"));
  EXPECT_THAT(error("raw/num-node-list.csv", "0\n5\n1\n3\n2\n"), HasSubstr("integer from 1"));
}

TEST_F(OgbgMolecules, IndicesOutOfRange) {
  EXPECT_THAT(error("raw/edge.csv", "0,1\n1,3\n0,2\n0,1\n0,1\n1,2\n1,0\n"),
              AllOf(HasSubstr("edge.csv.gz, line 2"), HasSubstr("molecule 0"), HasSubstr("it has 3")));
  EXPECT_THAT(error("split/scaffold/valid.csv", "5\n"), AllOf(HasSubstr("not there"), HasSubstr("5")));
}

TEST_F(OgbgMolecules, SplitsThatAreNoSplits) {
  EXPECT_THAT(error("split/scaffold/valid.csv", ""), HasSubstr("the split is empty"));
  EXPECT_THAT(error("split/scaffold/valid.csv", "2\n"), HasSubstr("one of another split"));
  EXPECT_THAT(error("split/scaffold/train.csv", "0\n0\n"), HasSubstr("train.csv.gz, line 2"));
}

TEST_F(OgbgMolecules, WrongColumnsAndFeatures) {
  EXPECT_THAT(error("raw/edge.csv", "0\n"), HasSubstr("2 values"));
  EXPECT_THAT(error("raw/edge-feat.csv", "0,0,0.5\n"), HasSubstr("integer"));
  EXPECT_THAT(error("raw/graph-label.csv", "0,0\n"), HasSubstr("3 values"));
}

TEST_F(OgbgMolecules, BatchesTakeWhatFits) {
  const Molecules molecules = read();
  const std::vector<uint32_t> order = {0, 1, 2, 3, 4};
  EXPECT_THAT(batch_ends(molecules, order, {5, 11, 14}), ElementsAre(5));
  EXPECT_THAT(batch_ends(molecules, order, {2, 11, 14}), ElementsAre(2, 4, 5));
  EXPECT_THAT(batch_ends(molecules, order, {5, 6, 14}), ElementsAre(3, 5));
  EXPECT_THAT(batch_ends(molecules, order, {5, 11, 6}), ElementsAre(1, 4, 5));
  EXPECT_TRUE(batch_ends(molecules, {}, {5, 11, 14}).empty());
  const PackingLimits limits = packing_limits(molecules, 2);
  EXPECT_EQ(limits.molecules, 2);
  EXPECT_EQ(limits.atoms, 52);
  EXPECT_EQ(limits.edges, 112);
}

TEST_F(OgbgMolecules, ThereIsAlwaysRoomForTheLargest) {
  OgbgFiles files = synthetic_ogbg_files(10, kTasks, 1);
  write_ogbg_files(folder_.path(), files);
  Molecules molecules = read_molecules(folder_.path(), kTasks);
  molecules.first_atom.back() += 100;
  EXPECT_EQ(packing_limits(molecules, 1).atoms, 126);
}

TEST_F(OgbgMolecules, EveryEpochHoldsEveryTrainingMoleculeOnce) {
  const Molecules molecules = read();
  PackedEpochs epochs(molecules, 2, 7);
  std::vector<uint32_t> seen;
  for (int i = 0; i < 30; ++i) {
    for (const uint32_t molecule : epochs.next()) seen.push_back(molecule);
  }
  ASSERT_EQ(seen.size(), 60u);  // two a batch, across the ends of epochs
  bool orders_differ = false;
  for (size_t epoch = 0; epoch < 20; ++epoch) {
    std::vector<uint32_t> one(seen.begin() + static_cast<long>(3 * epoch),
                              seen.begin() + static_cast<long>(3 * epoch) + 3);
    orders_differ = orders_differ || one != std::vector<uint32_t>(seen.begin(), seen.begin() + 3);
    std::sort(one.begin(), one.end());
    EXPECT_THAT(one, ElementsAre(0, 2, 4));
  }
  EXPECT_TRUE(orders_differ);
}

TEST_F(OgbgMolecules, PositionsResume) {
  const Molecules molecules = read();
  PackedEpochs epochs(molecules, 2, 7);
  for (int i = 0; i < 7; ++i) {
    PackedEpochs resumed(molecules, 2, 7);
    resumed.seek(epochs.position());
    EXPECT_EQ(resumed.next(), epochs.next()) << i;
  }
  for (const std::vector<int64_t>& wrong :
       {std::vector<int64_t>{}, {0}, {0, 4}, {-1, 0}, {0, -1}, {0, 0, 0}}) {
    EXPECT_THAT(user_error_of([&] { epochs.seek(wrong); }), HasSubstr("position"));
  }
  EXPECT_THAT(user_error_of([&] { PackedEpochs(molecules, 0, 1); }), HasSubstr("batch size"));
}

TEST(OgbgPreparation, WritesTheMiniDataSetOnceAndCompletely) {
  TemporaryFolder folder;
  const auto preparation = prepare_ogbg();
  int stages = 0;
  const auto prepare = [&] {
    preparation->make_mini(folder.path() / "mini", folder.path() / "cache",
                           [&](const std::string&, int64_t, int64_t) { ++stages; });
  };
  prepare();
  EXPECT_EQ(stages, 9);
  const DataSetManifest manifest = read_manifest(folder.path() / "mini", "ogbg");
  EXPECT_EQ(manifest.examples.at("train"), 4683);
  EXPECT_EQ(manifest.examples.at("validation"), 1561);
  EXPECT_EQ(manifest.examples.at("test"), 1561);
  prepare();
  EXPECT_EQ(stages, 9);  // nothing to do
  std::filesystem::remove(folder.path() / "mini/raw/edge.csv.gz");
  prepare();
  EXPECT_EQ(stages, 18);
  const Molecules molecules = read_molecules(folder.path() / "mini", kMiniTasks);
  EXPECT_TRUE(manifest.id.ends_with(molecules_fingerprint(molecules)));
  expect_only_training(
      read_molecules(folder.path() / "mini" / kTrainingFolder, kMiniTasks, MoleculeSplits::train), molecules);
  EXPECT_EQ(preparation->mini_plan().download_bytes, 0);
}

TEST(OgbgPreparation, AFullDataSetIsTheOfficialOne) {
  TemporaryFolder folder;
  const auto check = [&] {
    prepare_ogbg()->check_full(folder.path(), [](const std::string&, int64_t, int64_t) {});
  };
  EXPECT_THAT(user_error_of(check), HasSubstr("raw and split"));
  write_ogbg_files(folder.path(), synthetic_ogbg_files(20, kFullTasks, 1));
  EXPECT_THAT(user_error_of(check), AllOf(HasSubstr("350343"), HasSubstr("16, 2, 2")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "manifest.json"));
}

}  // namespace
}  // namespace timetrial
