#pragma once

// Texts that a user brings: one document a line.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

// The document on a line of a file that ends in ".jsonl" (a JSON object with a string "text", as the Hugging
// Face hub exports Arrow tables) or ".txt" (the line itself). Throws UserError naming `where` for anything
// else and for text that is not UTF-8.
std::string document_of(std::string_view line, bool is_json, const std::string& where);

// The files *.jsonl and *.txt of a folder, sorted by name.
std::vector<std::filesystem::path> document_files(const std::filesystem::path& folder);

// Hands over the documents of a file in order, until `take` returns false; empty ones are passed over.
// `bytes_read` is the place in the file after the document. Throws UserError as document_of() does, and when
// the file cannot be read.
void read_documents(const std::filesystem::path& file,
                    const std::function<bool(const std::string& document, int64_t bytes_read)>& take);

}  // namespace timetrial
