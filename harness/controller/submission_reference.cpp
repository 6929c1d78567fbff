#include "harness/controller/submission_reference.h"

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

std::filesystem::path search_space_beside(const std::filesystem::path& library, bool mini_tier) {
  const std::filesystem::path stem = library.parent_path() / library.stem();
  for (const char* ending : {".search_space_mini.json", ".search_space.json"}) {
    if (!mini_tier && std::string(ending) == ".search_space_mini.json") continue;
    if (const std::filesystem::path file = stem.string() + ending; std::filesystem::exists(file)) return file;
  }
  return {};
}

}  // namespace

SubmissionReference find_submission(const std::string& library, const std::string& search_space,
                                    bool mini_tier) {
  SubmissionReference reference;
  std::error_code error;
  reference.library = std::filesystem::canonical(library, error);
  if (error || !std::filesystem::is_regular_file(reference.library)) {
    throw UserError(
        {"there is no such submission library", "", library,
         "build it first (./dev build builds ours into build/<preset>/submissions/), or correct the path"});
  }
  reference.name = reference.library.stem();
  reference.sha256 = sha256_of_file(reference.library);
  if (search_space.empty()) {
    reference.search_space = search_space_beside(reference.library, mini_tier);
  } else {
    if (!std::filesystem::exists(search_space)) {
      throw UserError({"there is no such search space", "", search_space, "correct the path"});
    }
    reference.search_space = search_space;
  }
  return reference;
}

}  // namespace timetrial
