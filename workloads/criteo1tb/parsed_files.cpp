#include "workloads/criteo1tb/parsed_files.h"

#include <string>

#include <ATen/Parallel.h>

#include "workloads/criteo1tb/row_parser.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

ParsedFile parse_file(const std::filesystem::path& file) {
  const std::string bytes = read_whole_file(file);
  ParsedFile parsed;
  for (size_t start = 0; start < bytes.size();) {
    parsed.line_bytes.push_back(static_cast<int64_t>(start));
    const size_t newline = bytes.find('\n', start);
    start = newline == std::string::npos ? bytes.size() : newline + 1;
  }
  const size_t rows = parsed.line_bytes.size();
  parsed.line_bytes.push_back(static_cast<int64_t>(bytes.size()));
  parsed.inputs.resize(rows * kCriteoInputs);
  parsed.labels.resize(rows);
  parse_criteo_rows(bytes, {file, 0}, parsed.inputs.data(), parsed.labels.data());
  return parsed;
}

}  // namespace

std::shared_ptr<const ParsedFiles> parse_files(const std::vector<std::filesystem::path>& files) {
  auto parsed = std::make_shared<ParsedFiles>(files.size());
  at::parallel_for(0, static_cast<int64_t>(files.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      (*parsed)[static_cast<size_t>(i)] = parse_file(files[static_cast<size_t>(i)]);
    }
  });
  return parsed;
}

}  // namespace timetrial
