#include "workloads/imagenet/imagenet_preparation.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_up_imagenet.h"
#include "workloads/imagenet/class_folders.h"
#include "workloads/imagenet/imagenet_data.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ImagenetPreparationTest : public FolderTest {
 protected:
  void SetUp() override { write_made_up_imagenet(folder_); }

  std::string error() {
    return user_error_of([&] { index_made_up_imagenet(folder_); });
  }
};

TEST_F(ImagenetPreparationTest, ListsEverySplitInTheOrderOfItsClasses) {
  write_file(folder_ / "train" / ".DS_Store", "x");
  index_made_up_imagenet(folder_);
  const ImagenetData data = open_imagenet(folder_, "imagenet_resnet", 3);
  ASSERT_EQ(data.train->count(), 12);
  EXPECT_EQ(data.train->label(0), 0);
  EXPECT_EQ(data.train->label(4), 1);
  EXPECT_EQ(data.train->name(5), (folder_ / "train/n01/n01_1.JPEG").string());
  EXPECT_EQ(data.validation->count(), 6);
  EXPECT_EQ(data.test->count(), 3);
  std::string buffer;
  EXPECT_EQ(data.train->bytes(5, buffer), read(folder_ / "train/n01/n01_1.JPEG"));
  const DataSetManifest manifest = read_manifest(folder_, "imagenet_resnet");
  EXPECT_EQ(manifest.examples.at("train"), 12);
  EXPECT_THAT(manifest.id, HasSubstr("made-up-"));
}

TEST_F(ImagenetPreparationTest, TheIdFollowsTheFiles) {
  index_made_up_imagenet(folder_);
  const std::string before = read_manifest(folder_, "imagenet_resnet").id;
  std::filesystem::rename(folder_ / "train/n00/n00_0.JPEG", folder_ / "train/n00/n00_9.JPEG");
  index_made_up_imagenet(folder_);
  EXPECT_NE(read_manifest(folder_, "imagenet_resnet").id, before);
}

TEST_F(ImagenetPreparationTest, ClassesOfTheTestSplitAreNumbersNotLetters) {
  for (const char* number : {"0", "1", "2", "10", "9"}) write_file(folder_ / "v2" / number / "a.jpeg", "x");
  const ImageIndex index = list_images(folder_ / "v2", ClassNames::numbers, {}, [](int64_t) {});
  EXPECT_THAT(index.class_names(), ElementsAre("0", "1", "2", "9", "10"));
}

TEST_F(ImagenetPreparationTest, TakesTheOfficialNameOfTheTestFolder) {
  std::filesystem::rename(folder_ / "imagenet_v2", folder_ / "imagenetv2-matched-frequency-format-val");
  index_made_up_imagenet(folder_);
  EXPECT_EQ(open_imagenet(folder_, "imagenet_resnet", 3).test->count(), 3);
}

TEST_F(ImagenetPreparationTest, AHalfUnpackedFolderTellsTheCounts) {
  std::filesystem::remove(folder_ / "train/n02/n02_3.JPEG");
  EXPECT_THAT(error(), AllOf(HasSubstr("11 images"), HasSubstr("12 images"), HasSubstr("train")));
}

TEST_F(ImagenetPreparationTest, TheFullTierAsksForAThousandClasses) {
  EXPECT_THAT(user_error_of([&] {
                imagenet_preparation()->check_full(folder_, [](const std::string&, int64_t, int64_t) {});
              }),
              AllOf(HasSubstr("1000 class folders"), HasSubstr("found: 3")));
}

TEST_F(ImagenetPreparationTest, AnEmptyClassFolderIsAnError) {
  std::filesystem::remove(folder_ / "imagenet_v2/1/a.jpeg");
  EXPECT_THAT(error(), AllOf(HasSubstr("empty"), HasSubstr("imagenet_v2/1")));
}

TEST_F(ImagenetPreparationTest, AMissingClassFolderIsAnError) {
  std::filesystem::remove_all(folder_ / "val/n01");
  EXPECT_THAT(error(), AllOf(HasSubstr("missing: n01"), HasSubstr("2 of 3")));
}

TEST_F(ImagenetPreparationTest, AnUnknownClassInValidationIsAnError) {
  write_file(folder_ / "val/n07/a.JPEG", "x");
  EXPECT_THAT(error(), AllOf(HasSubstr("val/n07"), HasSubstr("training split")));
}

TEST_F(ImagenetPreparationTest, AMissingSplitIsAnError) {
  std::filesystem::remove_all(folder_ / "val");
  EXPECT_THAT(error(), HasSubstr("val"));
  std::filesystem::remove_all(folder_ / "train");
  std::filesystem::create_directories(folder_ / "train");
  EXPECT_THAT(error(), HasSubstr("no class folders"));
}

TEST_F(ImagenetPreparationTest, StrayFilesAreErrors) {
  write_file(folder_ / "train/n00/notes.txt", "x");
  EXPECT_THAT(error(), HasSubstr("notes.txt"));
  std::filesystem::remove(folder_ / "train/n00/notes.txt");
  write_file(folder_ / "val/ILSVRC2012_val_1.JPEG", "x");
  EXPECT_THAT(error(), HasSubstr("one folder for each class"));
}

TEST_F(ImagenetPreparationTest, ASampleOfEveryClassIsDecoded) {
  const auto middle = folder_ / "val/n02/val_1.JPEG";
  write(middle, read(middle).substr(0, 300));
  EXPECT_THAT(error(), HasSubstr(middle.string()));
  write(middle, "<html>quota exceeded</html>");
  EXPECT_THAT(error(), AllOf(HasSubstr(middle.string()), HasSubstr("neither")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "manifest.json"));
}

TEST_F(ImagenetPreparationTest, AnotherTiersDataIsRefused) {
  index_made_up_imagenet(folder_);
  EXPECT_THAT(user_error_of([&] { open_imagenet(folder_, "imagenet_vit", 1000); }),
              HasSubstr("1000 classes"));
}

TEST_F(ImagenetPreparationTest, AFileThatVanishedIsNamed) {
  index_made_up_imagenet(folder_);
  const ImagenetData data = open_imagenet(folder_, "imagenet_vit", 3);
  std::filesystem::remove(data.train->name(2));
  std::string buffer;
  EXPECT_THAT(user_error_of([&] { data.train->bytes(2, buffer); }), HasSubstr("n00_2.JPEG"));
}

TEST_F(ImagenetPreparationTest, DamageToTheIndexIsReported) {
  index_made_up_imagenet(folder_);
  const auto file = folder_ / "train.index";
  const std::string whole = read(file);
  for (const std::string& text :
       {std::string(), std::string("images\n"), whole.substr(0, whole.size() - 3),
        whole.substr(0, whole.size() - 12), std::string("timetrial image index 1\na.JPEG\n"),
        std::string("timetrial image index 1\n/\n")}) {
    write(file, text);
    EXPECT_THAT(user_error_of([&] { open_imagenet(folder_, "imagenet_vit", 3); }), HasSubstr("train.index"))
        << text;
  }
}

TEST_F(ImagenetPreparationTest, PackedImagesAreTheSameBytes) {
  index_made_up_imagenet(folder_);
  const ImagenetData loose = open_imagenet(folder_, "imagenet_vit", 3);
  pack_imagenet(folder_, [](const std::string&, int64_t, int64_t) {});
  const ImagenetData packed = open_imagenet(folder_, "imagenet_vit", 3);
  std::string buffer, unused;
  for (int64_t i = 0; i < loose.train->count(); ++i) {
    EXPECT_EQ(packed.train->bytes(i, unused), loose.train->bytes(i, buffer));
  }
  EXPECT_TRUE(unused.empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "train.packed.partial"));
}

TEST_F(ImagenetPreparationTest, DamageToThePackedFileIsReported) {
  index_made_up_imagenet(folder_);
  pack_imagenet(folder_, [](const std::string&, int64_t, int64_t) {});
  const auto file = folder_ / "test.packed";
  const std::string whole = read(file);
  std::vector<std::string> broken = {"", "ttimages", whole.substr(0, 40), whole.substr(0, whole.size() - 1)};
  broken.push_back(whole);
  broken.back()[9] ^= 1;  // made of other files
  broken.push_back(whole);
  broken.back()[38] = '\x7F';  // an offset beyond the end
  for (const std::string& text : broken) {
    write(file, text);
    EXPECT_THAT(user_error_of([&] { open_imagenet(folder_, "imagenet_vit", 3); }), HasSubstr("test.packed"));
  }
}

}  // namespace
}  // namespace timetrial
