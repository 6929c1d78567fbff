#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "workloads/imagenet/image_index.h"

namespace timetrial {

// How the names of class folders tell the class number.
enum class ClassNames {
  sorted,   // the place among the sorted names, as torchvision's ImageFolder counts
  numbers,  // the name is the number
};

// Lists the class folders of `folder` and their images, sorted by bytes. Names that start with a dot are
// passed over. `expected` are the classes that there must be, in order (of the training split); empty: as
// found. `progress` is told the classes read. Throws UserError for a folder that is missing, without images
// or of an unknown class, a class without a folder, and a file that no image's name has (.jpg, .jpeg, .png in
// any case).
ImageIndex list_images(const std::filesystem::path& folder, ClassNames names,
                       const std::vector<std::string>& expected,
                       const std::function<void(int64_t)>& progress);

// "0", "1" … the class names of a split of numbers.
std::vector<std::string> numbers_below(int64_t classes);

}  // namespace timetrial
