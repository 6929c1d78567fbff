#include "workloads/imagenet/imagenet_preparation.h"

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/imagenet/class_folders.h"
#include "workloads/imagenet/encoded_image.h"
#include "workloads/imagenet/imagenet_data.h"
#include "workloads/imagenet/mini_imagenet.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr ImagenetCounts kFullCounts = {kImagenetClasses, kImagenetTrainImages, kImagenetValidationImages,
                                        kImagenetTestImages};

void require_count(const ImageIndex& index, int64_t expected, const fs::path& folder) {
  if (index.count() == expected) return;
  throw UserError(
      {"the folder does not hold " + std::to_string(expected) + " images", folder.string(),
       std::to_string(index.count()) + " images in " + std::to_string(index.classes()) + " classes",
       "complete it from the official archive: it may be unpacked by half"});
}

ImageIndex list_split(const fs::path& data_set, const std::string& split, ClassNames names,
                      const std::vector<std::string>& classes, const PreparationProgress& progress) {
  const fs::path folder = imagenet_split_folder(data_set, split);
  const auto total = static_cast<int64_t>(classes.size());
  return list_images(folder, names, classes,
                     [&](int64_t done) { progress("class folders of " + split + " listed", done, total); });
}

// The middle image of every class: that it can be decoded.
void decode_samples(const LabelledImages& images, int64_t classes, const std::string& split,
                    const PreparationProgress& progress) {
  std::string buffer;
  int64_t checked = 0;
  for (int64_t begin = 0, end = 0; begin < images.count(); begin = end) {
    while (end < images.count() && images.label(end) == images.label(begin)) ++end;
    const int64_t middle = begin + (end - begin) / 2;
    decode_image(images.bytes(middle, buffer), images.name(middle));
    progress("samples of " + split + " decoded", ++checked, classes);
  }
}

class ImagenetPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return kImagenetDataSet; }

  PreparationPlan mini_plan() const override { return mini_imagenet_plan(); }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    const ImagenetCounts counts = write_mini_imagenet(data_set, cache, progress);
    index_imagenet(data_set, counts, "imagenet-mini-fashion-mnist",
                   "Fashion-MNIST (Zalando SE, MIT licence) as JPEG files in ImageNet's folders", progress);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    index_imagenet(data_set, kFullCounts, "imagenet-full",
                   "ILSVRC-2012 and ImageNet-v2 (matched frequency), brought by the user", progress);
  }

  void pack(const fs::path& data_set, const PreparationProgress& progress) const override {
    pack_imagenet(data_set, progress);
  }
};

}  // namespace

void index_imagenet(const fs::path& data_set, const ImagenetCounts& expected, const std::string& id,
                    const std::string& description, const PreparationProgress& progress) {
  std::map<std::string, ImageIndex> indices;
  indices["train"] = list_split(data_set, "train", ClassNames::sorted, {}, progress);
  const std::vector<std::string> classes = indices["train"].class_names();
  if (static_cast<int64_t>(classes.size()) != expected.classes) {
    throw UserError(
        {"the training split does not have " + std::to_string(expected.classes) + " class folders",
         (data_set / "train").string(), std::to_string(classes.size()),
         "complete it from the official archive: it may be unpacked by half"});
  }
  indices["validation"] = list_split(data_set, "validation", ClassNames::sorted, classes, progress);
  indices["test"] =
      list_split(data_set, "test", ClassNames::numbers, numbers_below(expected.classes), progress);
  const std::map<std::string, int64_t> counts = {
      {"train", expected.train}, {"validation", expected.validation}, {"test", expected.test}};
  for (const auto& [split, count] : counts) {
    require_count(indices[split], count, imagenet_split_folder(data_set, split));
  }
  std::string digests;
  for (const char* split : kImagenetSplits) {
    const ImageIndex& index = indices[split];
    digests += "-" + index.digest();
    write_whole_file(imagenet_index_file(data_set, split), index.text());
    decode_samples(LabelledImages(imagenet_split_folder(data_set, split), index, nullptr), expected.classes,
                   split, progress);
  }
  write_manifest(data_set, {id + digests, description, counts});
}

void pack_imagenet(const fs::path& data_set, const PreparationProgress& progress) {
  for (const char* split : kImagenetSplits) {
    const fs::path file = imagenet_packed_file(data_set, split);
    if (fs::exists(file)) continue;
    const fs::path index_file = imagenet_index_file(data_set, split);
    const ImageIndex index = ImageIndex::parse(read_whole_file(index_file), index_file.string());
    pack_images(imagenet_split_folder(data_set, split), index, file, [&](int64_t done) {
      progress(std::string("images of ") + split + " packed", done, index.count());
    });
  }
}

std::unique_ptr<DataPreparation> imagenet_preparation() {
  return std::make_unique<ImagenetPreparation>();
}

bool holds_back_imagenet_data_set(const std::string& name) {
  return name == "val" || name.starts_with("validation.") || name.starts_with("test.") ||
         name.starts_with("imagenet_v2") || name.starts_with("imagenetv2");
}

}  // namespace timetrial
