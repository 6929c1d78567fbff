#include "workloads/preparation.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

TEST(Manifest, ReadsBackWhatWasWritten) {
  TemporaryFolder folder;
  const auto data_set = folder.path() / "mnist" / "mini";
  write_manifest(data_set, {"id-1", "pictures \"quoted\"", {{"train", 50000}, {"test", 10000}}});
  const DataSetManifest manifest = read_manifest(data_set, "mnist");
  EXPECT_EQ(manifest.id, "id-1");
  EXPECT_EQ(manifest.description, "pictures \"quoted\"");
  EXPECT_EQ(manifest.examples, (std::map<std::string, int64_t>{{"train", 50000}, {"test", 10000}}));
  EXPECT_FALSE(std::filesystem::exists(data_set / "manifest.json.partial"));
}

TEST(Manifest, MissingDataSetNamesTheCommandThatMakesIt) {
  TemporaryFolder folder;
  const std::string message =
      user_error_of([&] { read_manifest(folder.path() / "criteo1tb" / "mini", "criteo1tb"); });
  EXPECT_THAT(message, HasSubstr("timetrial prepare criteo1tb --tier mini"));
}

TEST(Manifest, DamageIsReportedWithTheFile) {
  TemporaryFolder folder;
  for (const char* text : {"", "{", "[]", R"({"format": 1})", R"({"format": 2, "id": "x"})"}) {
    const auto file = folder.write("mini/manifest.json", text);
    EXPECT_THAT(user_error_of([&] { read_manifest(folder.path() / "mini", "mnist"); }),
                HasSubstr(file.string()))
        << text;
  }
}

TEST(Manifest, FullDiskOrForbiddenFolderIsAUserError) {
  EXPECT_THAT(user_error_of([] { write_manifest("/proc/none", {"id", "", {}}); }), HasSubstr("/proc/none"));
}

class LooseFiles : public DataPreparation {
 public:
  std::string data_set() const override { return "loose"; }
  PreparationPlan mini_plan() const override { return {}; }
  void make_mini(const std::filesystem::path&, const std::filesystem::path&,
                 const PreparationProgress&) const override {}
  void check_full(const std::filesystem::path&, const PreparationProgress&) const override {}
};

TEST(DataPreparation, ADataSetWithoutAPackedFormSaysSo) {
  EXPECT_THAT(user_error_of([] { LooseFiles().pack("folder", [](const std::string&, int64_t, int64_t) {}); }),
              HasSubstr("loose"));
}

}  // namespace
}  // namespace timetrial
