#pragma once

// The mini tier's text: paragraphs of LibreOffice's help in German and English, from two Debian packages.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "workloads/wmt/parallel_lines.h"

namespace timetrial {

inline constexpr const char* kGermanHelpPackage = "libreoffice-help-de";
inline constexpr const char* kEnglishHelpPackage = "libreoffice-help-en-us";

struct HelpTexts {
  std::vector<SentencePair> train, validation, test;
};

// A paragraph and the page it stands on.
struct HelpPair {
  std::string page;
  SentencePair pair;
};

// Pure. Keeps pairs of 3 to 20 words a side that are not the same in both languages, each once. Pages are
// dealt to the splits by a hash of their names; what is held out shares neither source nor target with the
// training text, nor with each other, and is thinned to `held_out` pairs a split.
HelpTexts split_help(const std::vector<HelpPair>& pairs, size_t held_out);

// All paragraphs that both packages' trees have, in the order of pages and ids. Throws UserError when a tree
// holds no help.
std::vector<HelpPair> read_help(const std::filesystem::path& german, const std::filesystem::path& english,
                                const std::function<void(int64_t done, int64_t total)>& progress);

}  // namespace timetrial
