#include "workloads/criteo1tb/day_files_check.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <farmhash.h>

#include "harness/errors/user_error.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/criteo1tb/row_parser.h"
#include "workloads/criteo1tb/row_stream.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSampleRows = 1000;
constexpr int64_t kSampleBytes = 1 << 18;

void parse_sample(std::string_view bytes, const RowOrigin& origin) {
  const auto lines = static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
  std::vector<float> inputs(lines * kCriteoInputs);
  std::vector<float> labels(lines);
  parse_criteo_rows(bytes, origin, inputs.data(), labels.data());
}

// The first rows, and the last ones from the first line break in the last bytes on.
void check_sample(const fs::path& file) {
  RowStream stream({file}, kSampleRows, 0, AtEpochEnd::stop);
  for (const auto& part : stream.next().parts) parse_sample(part.bytes, part.origin);

  const auto size = static_cast<int64_t>(fs::file_size(file));
  const int64_t from = std::max<int64_t>(0, size - kSampleBytes);
  std::ifstream tail(file, std::ios::binary);
  tail.seekg(from);
  std::string bytes(static_cast<size_t>(size - from), '\0');
  tail.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(tail.gcount()));
  const size_t start = from == 0 ? 0 : bytes.find('\n') + 1;
  parse_sample(std::string_view(bytes).substr(start), {file, from + static_cast<int64_t>(start)});
}

int64_t count_lines(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string block(size_t{1} << 22, '\0');
  int64_t lines = 0;
  char last = '\n';
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto count = stream.gcount();
    if (count == 0) break;
    lines += std::count(block.begin(), block.begin() + count, '\n');
    last = block[static_cast<size_t>(count) - 1];
  }
  return lines + (last != '\n' ? 1 : 0);
}

// One line a file: name, bytes, time of the last change, rows. A file that changed is counted again.
class RowCounts {
 public:
  explicit RowCounts(fs::path file) : file_(std::move(file)) {
    std::ifstream stream(file_);
    std::string line;
    while (std::getline(stream, line)) {
      const size_t tab = line.rfind('\t');
      if (tab != std::string::npos) known_[line.substr(0, tab)] = std::stoll(line.substr(tab + 1));
    }
  }

  int64_t of(const fs::path& file) {
    std::ostringstream key;
    key << file.filename().string() << '\t' << fs::file_size(file) << '\t'
        << fs::last_write_time(file).time_since_epoch().count();
    const auto found = known_.find(key.str());
    if (found != known_.end()) return found->second;
    check_sample(file);
    const int64_t rows = count_lines(file);
    known_[key.str()] = rows;
    std::string text;
    for (const auto& [name, count] : known_) text += name + '\t' + std::to_string(count) + '\n';
    write_whole_file(file_, text);
    return rows;
  }

 private:
  fs::path file_;
  std::map<std::string, int64_t> known_;
};

// Names the data by the files' names and sizes.
std::string fingerprint(const DayFiles& files) {
  std::string text;
  for (const auto* split : {&files.train, &files.validation, &files.test}) {
    for (const auto& file : *split)
      text += file.filename().string() + ' ' + std::to_string(fs::file_size(file)) + '\n';
  }
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016lx", util::Fingerprint64(text.data(), text.size()));
  return digits;
}

}  // namespace

DataSetManifest check_day_files(const fs::path& folder, const CriteoCounts& expected,
                                const PreparationProgress& progress) {
  const DayFiles files = list_day_files(folder);
  const int64_t all = total_bytes(files.train) + total_bytes(files.validation) + total_bytes(files.test);
  RowCounts counts(folder / "row_counts.txt");
  int64_t done = 0;
  const auto count_split = [&](const std::vector<fs::path>& split, int64_t wanted, const char* name) {
    int64_t rows = 0;
    for (const auto& file : split) {
      rows += counts.of(file);
      done += static_cast<int64_t>(fs::file_size(file));
      progress("bytes checked", done, all);
    }
    if (rows != wanted) {
      throw UserError({std::string("the ") + name + " files should hold " + std::to_string(wanted) + " rows",
                       folder.string(),
                       std::to_string(rows) + " rows in " + std::to_string(split.size()) + " files",
                       "split all 24 days of the Criteo 1 TB click logs again with `split -d -l 5000000`"});
    }
    return rows;
  };
  DataSetManifest manifest;
  manifest.examples["train"] = count_split(files.train, expected.train, "training");
  manifest.examples["validation"] = count_split(files.validation, expected.validation, "validation");
  manifest.examples["test"] = count_split(files.test, expected.test, "test");
  manifest.id = "criteo1tb-full-" + fingerprint(files);
  manifest.description = "Criteo 1 TB click logs (terms of use of Criteo AI Lab), brought by the user";
  return manifest;
}

}  // namespace timetrial
