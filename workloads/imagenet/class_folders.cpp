#include "workloads/imagenet/class_folders.h"

#include <algorithm>
#include <cctype>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

const char* kUnpackAgain = "copy or unpack the official archive again";

bool is_image_name(const std::string& name) {
  std::string ending = fs::path(name).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return ending == ".jpeg" || ending == ".jpg" || ending == ".png";
}

std::vector<std::string> visible_names(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  if (error) {
    throw UserError({"the folder cannot be read", folder.string(), error.message(),
                     "put the images there, or check that you may read it"});
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> images_of_class(const fs::path& folder) {
  std::vector<std::string> files = visible_names(folder);
  if (files.empty()) throw UserError({"the class folder is empty", folder.string(), "", kUnpackAgain});
  const auto stray = std::find_if_not(files.begin(), files.end(), is_image_name);
  if (stray != files.end()) {
    throw UserError({"the file is no image by its name", (folder / *stray).string(), "",
                     "remove it: only .JPEG, .jpg and .png files belong here"});
  }
  const auto broken = std::find_if(files.begin(), files.end(), [](const std::string& name) {
    return name.find('\n') != std::string::npos;
  });
  if (broken != files.end()) {
    throw UserError({"a file's name holds a line break", folder.string(), *broken, "rename it"});
  }
  return files;
}

bool number_before(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

void require_classes(const fs::path& folder, const std::vector<std::string>& found,
                     const std::vector<std::string>& expected) {
  const auto unknown = std::find_if(found.begin(), found.end(), [&](const std::string& name) {
    return std::find(expected.begin(), expected.end(), name) == expected.end();
  });
  if (unknown != found.end()) {
    throw UserError({"the class folder is not one of the training split's " +
                         std::to_string(expected.size()) + " classes",
                     (folder / *unknown).string(), *unknown, "remove it, or complete the training split"});
  }
  const auto missing = std::find_if(expected.begin(), expected.end(), [&](const std::string& name) {
    return std::find(found.begin(), found.end(), name) == found.end();
  });
  if (missing != expected.end()) {
    throw UserError(
        {"a class folder is missing: " + *missing, folder.string(),
         std::to_string(found.size()) + " of " + std::to_string(expected.size()) + " class folders",
         kUnpackAgain});
  }
}

}  // namespace

std::vector<std::string> numbers_below(int64_t classes) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < classes; ++i) names.push_back(std::to_string(i));
  return names;
}

ImageIndex list_images(const fs::path& folder, ClassNames names, const std::vector<std::string>& expected,
                       const std::function<void(int64_t)>& progress) {
  std::vector<std::string> found = visible_names(folder);
  for (const std::string& name : found) {
    if (!fs::is_directory(folder / name)) {
      throw UserError({"only class folders belong here", (folder / name).string(), "",
                       "put the images into one folder for each class"});
    }
  }
  if (found.empty()) throw UserError({"there are no class folders", folder.string(), "", kUnpackAgain});
  if (names == ClassNames::numbers) std::sort(found.begin(), found.end(), number_before);
  if (!expected.empty()) require_classes(folder, found, expected);
  std::vector<ClassFiles> classes;
  for (std::string& name : found) {
    std::vector<std::string> files = images_of_class(folder / name);
    classes.push_back({std::move(name), std::move(files)});
    progress(static_cast<int64_t>(classes.size()));
  }
  return ImageIndex::of(classes);
}

}  // namespace timetrial
