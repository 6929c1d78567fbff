// The inputs that fuzzing starts from, and nasty ones, through the functions that are fuzzed. A crash or an
// exception fails the test.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "entries.h"
#include "entries_cifar.h"
#include "entries_fastmri.h"
#include "entries_finewebedu.h"
#include "entries_images.h"
#include "entries_librispeech.h"
#include "entries_npz.h"
#include "entries_ogbg.h"
#include "entries_wmt.h"

namespace timetrial {
namespace {

using Entry = void (*)(std::string_view);

const std::filesystem::path kCorpus = std::filesystem::path(TIMETRIAL_SOURCE_DIR) / "tests/fuzz/corpus";

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Every file, and every file cut off at every eighth byte.
void run_corpus(const std::string& name, Entry entry) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(kCorpus / name)) {
    SCOPED_TRACE(file.path().filename().string());
    const std::string bytes = contents(file.path());
    ASSERT_NO_THROW(entry(bytes));
    for (std::size_t size = 0; size < bytes.size(); size += 8) {
      ASSERT_NO_THROW(entry(std::string_view(bytes).substr(0, size))) << "cut off after " << size;
    }
    ++files;
  }
  EXPECT_GE(files, 5U);
}

TEST(FuzzCorpus, TidyTable) {
  run_corpus("tidy_table", fuzz_tidy_table);
}
TEST(FuzzCorpus, EvaluationTable) {
  run_corpus("evaluation_table", fuzz_evaluation_table);
}
TEST(FuzzCorpus, JsonFiles) {
  run_corpus("json_files", fuzz_json_files);
}
TEST(FuzzCorpus, CifarRecords) {
  run_corpus("cifar_records", fuzz_cifar_records);
}
TEST(FuzzCorpus, Npz) {
  run_corpus("npz", fuzz_npz);
}
TEST(FuzzCorpus, Npy) {
  run_corpus("npy", fuzz_npy);
}
TEST(FuzzCorpus, ZipEntry) {
  run_corpus("zip_entry", fuzz_zip_entry);
}
TEST(FuzzCorpus, OgbgTables) {
  run_corpus("ogbg_tables", fuzz_ogbg_tables);
}
TEST(FuzzCorpus, OgbgFile) {
  run_corpus("ogbg_file", fuzz_ogbg_file);
}
TEST(FuzzCorpus, Image) {
  run_corpus("image", fuzz_image);
}
TEST(FuzzCorpus, ImageIndex) {
  run_corpus("image_index", fuzz_image_index);
}

TEST(FuzzCorpus, FastmriVolume) {
  run_corpus("fastmri_volume", fuzz_fastmri_volume);
}
TEST(FuzzCorpus, FastmriFile) {
  run_corpus("fastmri_file", fuzz_fastmri_file);
}
TEST(FuzzCorpus, Nifti) {
  run_corpus("nifti", fuzz_nifti);
}

TEST(FuzzCorpus, Transcripts) {
  run_corpus("transcripts", fuzz_transcripts);
}
TEST(FuzzCorpus, Flac) {
  run_corpus("flac", fuzz_flac);
}
TEST(FuzzCorpus, G722) {
  run_corpus("g722", fuzz_g722);
}
TEST(FuzzCorpus, WmtLines) {
  run_corpus("wmt_lines", fuzz_wmt_lines);
}
TEST(FuzzCorpus, WmtPairs) {
  run_corpus("wmt_pairs", fuzz_wmt_pairs);
}
TEST(FuzzCorpus, WmtHelp) {
  run_corpus("wmt_help", fuzz_wmt_help);
}

TEST(FuzzCorpus, BytePairs) {
  run_corpus("byte_pairs", fuzz_byte_pairs);
}
TEST(FuzzCorpus, Documents) {
  run_corpus("documents", fuzz_documents);
}
TEST(FuzzCorpus, Markup) {
  run_corpus("markup", fuzz_markup);
}
TEST(FuzzCorpus, SwordModule) {
  run_corpus("sword_module", fuzz_sword_module);
}

TEST(FuzzCorpus, DeepNestingDoesNotExhaustTheStack) {
  const std::string deep = "{\"a\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_NO_THROW(fuzz_json_files(deep + '\0' + deep + '\0' + deep + '\0' + deep));
}

TEST(FuzzCorpus, TextThatIsNoUtf8) {
  const std::string plain = contents(kCorpus / "tidy_table/with_trials.csv");
  ASSERT_FALSE(plain.empty());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    std::string broken = plain;
    broken[i] = '\xC3';
    ASSERT_NO_THROW(fuzz_tidy_table(broken)) << "byte " << i;
  }
}

TEST(FuzzCorpus, NumbersBeyondEveryType) {
  for (const std::string number :
       {"1e999", "-1e999", "18446744073709551616", "-9223372036854775809", "1e-999", "0x1p3"}) {
    EXPECT_NO_THROW(fuzz_evaluation_table("global_step,score,validation/loss\n" + number + ",1,1\n1," +
                                          number + ",1\n1,1," + number + "\n"));
    EXPECT_NO_THROW(fuzz_json_files(
        "{\"a\":" + number + "}" + '\0' + "{\"rng_seed\":" + number + ",\"workload.step_hint\":" + number +
        ",\"workload.eval_batch_size\":" + number + "}" + '\0' + "{\"rng_seed\":" + number + "}"));
  }
}

}  // namespace
}  // namespace timetrial
