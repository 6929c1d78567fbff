#include "workloads/imagenet/imagenet_data.h"

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

// Folders of the test split, the short name first.
constexpr std::array<const char*, 2> kTestFolders = {"imagenet_v2",
                                                     "imagenetv2-matched-frequency-format-val"};

std::shared_ptr<const LabelledImages> open_split(const fs::path& data_set, const std::string& split,
                                                 const DataSetManifest& manifest, int64_t classes) {
  const fs::path file = imagenet_index_file(data_set, split);
  ImageIndex index = ImageIndex::parse(read_whole_file(file), file.string());
  const auto expected = manifest.examples.find(split);
  if (expected == manifest.examples.end() || expected->second != index.count()) {
    throw UserError({"the index does not list as many images as manifest.json says", file.string(),
                     std::to_string(index.count()),
                     "delete manifest.json and run `timetrial prepare` again"});
  }
  if (index.classes() != classes) {
    throw UserError({"the data set does not have " + std::to_string(classes) + " classes", file.string(),
                     std::to_string(index.classes()), "put the data set of this tier there"});
  }
  std::unique_ptr<const PackedImages> packed;
  const fs::path packed_file = imagenet_packed_file(data_set, split);
  if (fs::exists(packed_file)) packed = std::make_unique<PackedImages>(packed_file, index);
  return std::make_shared<const LabelledImages>(imagenet_split_folder(data_set, split), std::move(index),
                                                std::move(packed));
}

}  // namespace

fs::path imagenet_split_folder(const fs::path& data_set, const std::string& split) {
  if (split == "train") return data_set / "train";
  if (split == "validation") return data_set / "val";
  for (const char* name : kTestFolders) {
    if (fs::exists(data_set / name)) return data_set / name;
  }
  return data_set / kTestFolders.front();
}

fs::path imagenet_index_file(const fs::path& data_set, const std::string& split) {
  return data_set / (split + ".index");
}

fs::path imagenet_packed_file(const fs::path& data_set, const std::string& split) {
  return data_set / (split + ".packed");
}

ImagenetData open_imagenet(const fs::path& data_set, const std::string& workload, int64_t classes) {
  const DataSetManifest manifest = read_manifest(data_set, workload);
  return {open_split(data_set, "train", manifest, classes),
          open_split(data_set, "validation", manifest, classes),
          open_split(data_set, "test", manifest, classes)};
}

ImagenetData open_imagenet_training(const fs::path& data_set, const std::string& workload, int64_t classes) {
  return {open_split(data_set, "train", read_manifest(data_set, workload), classes), nullptr, nullptr};
}

}  // namespace timetrial
