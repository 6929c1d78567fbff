#include "harness/controller/submission_reference.h"

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

class FoundSubmission : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    library_ = write(folder_ / "mine.so", "abc");
  }
  std::string library_;
};

TEST_F(FoundSubmission, IsNamedAfterItsFileAndKnownByItsContents) {
  const SubmissionReference found = find_submission(library_, "", false);
  EXPECT_EQ(found.name, "mine");
  EXPECT_EQ(found.library, std::filesystem::canonical(library_));
  // FIPS 180-2, example B.1: SHA-256 of "abc".
  EXPECT_EQ(found.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(found.search_space.empty());
}

TEST_F(FoundSubmission, UsesTheSearchSpaceOfItsTier) {
  const std::string full = write(folder_ / "mine.search_space.json", "{}");
  EXPECT_EQ(find_submission(library_, "", true).search_space.filename(), "mine.search_space.json");
  write(folder_ / "mine.search_space_mini.json", "[]");
  EXPECT_EQ(find_submission(library_, "", true).search_space.filename(), "mine.search_space_mini.json");
  EXPECT_EQ(find_submission(library_, "", false).search_space.filename(), "mine.search_space.json");
}

TEST_F(FoundSubmission, OfTheFullTierNeverTakesAMiniSearchSpace) {
  write(folder_ / "mine.search_space_mini.json", "[]");
  EXPECT_TRUE(find_submission(library_, "", false).search_space.empty());
}

TEST_F(FoundSubmission, PrefersTheSearchSpaceThatIsNamed) {
  write(folder_ / "mine.search_space.json", "{}");
  const std::string other = write(folder_ / "other.json", "{}");
  EXPECT_EQ(find_submission(library_, other, false).search_space, other);
}

TEST_F(FoundSubmission, FollowsLinksSoThatOneLibraryIsOneTrial) {
  std::filesystem::create_symlink(library_, folder_ / "link.so");
  EXPECT_EQ(find_submission((folder_ / "link.so").string(), "", false).library,
            std::filesystem::canonical(library_));
}

TEST_F(FoundSubmission, IsAnErrorWhenSomethingNamedIsAbsent) {
  EXPECT_THROW(find_submission((folder_ / "other.so").string(), "", false), UserError);
  EXPECT_THROW(find_submission(folder_.string(), "", false), UserError);
  EXPECT_THROW(find_submission(library_, (folder_ / "absent.json").string(), false), UserError);
}

}  // namespace
}  // namespace timetrial
