#include "workloads/finewebedu_lm/documents.h"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"

namespace timetrial {
namespace {

bool is_json_file(const std::filesystem::path& file) {
  return file.extension() == ".jsonl";
}

}  // namespace

std::string document_of(std::string_view line, bool is_json, const std::string& where) {
  std::string document(line);
  if (is_json) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
      throw UserError({"the line is not a JSON object with a string \"text\"", where,
                       std::string(line.substr(0, 60)),
                       "export the data set as JSON lines, one document a line"});
    }
    document = json["text"].get<std::string>();
  }
  if (!is_utf8(document)) {
    throw UserError(
        {"the document is not UTF-8 text", where, "", "convert the file to UTF-8, or remove the line"});
  }
  return document;
}

std::vector<std::filesystem::path> document_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_json_file(entry->path()) || entry->path().extension() == ".txt") files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void read_documents(const std::filesystem::path& file,
                    const std::function<bool(const std::string& document, int64_t bytes_read)>& take) {
  std::ifstream stream(file, std::ios::binary);
  int64_t bytes = 0;
  int64_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    bytes += static_cast<int64_t>(line.size()) + 1;
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const std::string document =
        document_of(line, is_json_file(file), file.string() + ", line " + std::to_string(number));
    if (!document.empty() && !take(document, bytes)) return;
  }
  if (!stream.eof()) {
    throw UserError(
        {"the file of documents cannot be read", file.string(), "", "check that it exists and may be read"});
  }
}

}  // namespace timetrial
