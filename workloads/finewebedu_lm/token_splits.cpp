#include "workloads/finewebedu_lm/token_splits.h"

#include <algorithm>
#include <utility>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/finewebedu_lm/token_file.h"

namespace timetrial {
namespace {

constexpr size_t kDigestDigits = 12;
constexpr int64_t kProgressRuns = 4096;

void check_split(const TokenFile& file, int64_t runs, const TokenSplits& splits, Sha256& digest,
                 const PreparationProgress& progress) {
  if (file.runs(splits.run_length) < runs) {
    throw UserError({"the token file does not hold " + std::to_string(runs) + " runs of " +
                         std::to_string(splits.run_length) + " tokens",
                     file.path().string(), std::to_string(file.tokens().size()) + " tokens",
                     "complete it from FineWeb-Edu's sample of 10 billion tokens"});
  }
  const std::string stage = "runs of " + file.path().filename().string() + " checked";
  for (int64_t i = 0; i < runs; ++i) {
    const auto run = file.run(i, splits.run_length, splits.vocabulary);
    digest.update(run.data(), run.size_bytes());
    if (i % kProgressRuns == 0 || i + 1 == runs) progress(stage, i + 1, runs);
  }
}

}  // namespace

std::filesystem::path token_file(const std::filesystem::path& data_set, const std::string& split) {
  return data_set / ((split == "validation" ? "val" : split) + ".bin");
}

void check_token_splits(const std::filesystem::path& data_set, const TokenSplits& splits,
                        const std::string& id, const std::string& description,
                        const PreparationProgress& progress) {
  const std::map<std::string, int64_t> runs = {
      {"train", splits.train_runs}, {"validation", splits.validation_runs}, {"test", splits.test_runs}};
  Sha256 digest;
  for (const auto& [split, count] : runs) {
    if (count > 0) check_split(TokenFile(token_file(data_set, split)), count, splits, digest, progress);
  }
  write_manifest(data_set, {id + "-" + digest.finish().substr(0, kDigestDigits), description, runs});
}

}  // namespace timetrial
