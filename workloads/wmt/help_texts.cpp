#include "workloads/wmt/help_texts.h"

#include <algorithm>
#include <set>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/wmt/help_paragraphs.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kFewestWords = 3;
constexpr int64_t kMostWords = 20;
constexpr uint32_t kPageGroups = 20;  // one for validation, one for test

int64_t words(const std::string& text) {
  return 1 + std::ranges::count(text, ' ');  // single spaces between words
}

bool has_fitting_length(const std::string& text) {
  return words(text) >= kFewestWords && words(text) <= kMostWords;
}

uint32_t group_of(const std::string& page) {
  const auto bytes = reinterpret_cast<const Bytef*>(page.data());
  return static_cast<uint32_t>(crc32_z(0, bytes, page.size())) % kPageGroups;
}

// Every n-th of them, so that all kinds of pages stay.
std::vector<SentencePair> thinned(const std::vector<SentencePair>& pairs, size_t wanted) {
  if (pairs.size() <= wanted) return pairs;
  std::vector<SentencePair> kept;
  for (size_t i = 0; i < wanted; ++i) kept.push_back(pairs[i * pairs.size() / wanted]);
  return kept;
}

std::vector<fs::path> pages_of(const fs::path& folder) {
  std::vector<fs::path> pages;
  if (fs::exists(folder)) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() == ".html") pages.push_back(entry.path().lexically_relative(folder));
    }
  }
  std::ranges::sort(pages);
  return pages;
}

}  // namespace

HelpTexts split_help(const std::vector<HelpPair>& pairs, size_t held_out) {
  HelpTexts texts;
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::string> sources, targets;
  const auto take = [&](std::vector<SentencePair>& split, uint32_t lowest_group, uint32_t groups,
                        bool nothing_known) {
    const std::set<std::string> known_sources = sources, known_targets = targets;
    for (const auto& [page, pair] : pairs) {
      if (group_of(page) - lowest_group >= groups) continue;
      if (pair.source == pair.target || !has_fitting_length(pair.source) ||
          !has_fitting_length(pair.target)) {
        continue;
      }
      if (nothing_known && (known_sources.contains(pair.source) || known_targets.contains(pair.target))) {
        continue;
      }
      if (!seen.emplace(pair.source, pair.target).second) continue;
      sources.insert(pair.source);
      targets.insert(pair.target);
      split.push_back(pair);
    }
  };
  take(texts.train, 2, kPageGroups - 2, false);
  take(texts.validation, 0, 1, true);
  take(texts.test, 1, 1, true);
  texts.validation = thinned(texts.validation, held_out);
  texts.test = thinned(texts.test, held_out);
  return texts;
}

std::vector<HelpPair> read_help(const fs::path& german, const fs::path& english,
                                const std::function<void(int64_t, int64_t)>& progress) {
  const fs::path german_pages = german / "usr/share/libreoffice/help/de/text";
  const fs::path english_pages = english / "usr/share/libreoffice/help/en-US/text";
  const std::vector<fs::path> pages = pages_of(german_pages);
  std::vector<HelpPair> pairs;
  int64_t done = 0;
  for (const fs::path& page : pages) {
    progress(done++, static_cast<int64_t>(pages.size()));
    if (!fs::exists(english_pages / page)) continue;
    const auto sources = help_paragraphs(read_whole_file(german_pages / page));
    const auto targets = help_paragraphs(read_whole_file(english_pages / page));
    for (const auto& [id, source] : sources) {
      const auto found = targets.find(id);
      if (found != targets.end()) pairs.push_back({page.generic_string(), {source, found->second}});
    }
  }
  if (pairs.empty()) {
    throw UserError({"the packages hold no help in two languages", german_pages.string(), "",
                     "delete the folder of the two packages in the cache and prepare again"});
  }
  return pairs;
}

}  // namespace timetrial
