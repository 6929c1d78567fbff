#pragma once

// LibriSpeech's transcript files (<speaker>-<chapter>.trans.txt): a line "ID TEXT" for every recording of the
// chapter, which is ID.flac in the same folder.

#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

struct Transcript {
  std::string id;
  std::string text;  // words separated by one space; empty when nothing follows the id
};

// The lines in their order; empty ones are passed over, "\r\n" is read as "\n". `source` names the file in
// errors. Throws UserError with the line for text that is not UTF-8, an id that is no file's name and an id
// that stands there twice.
std::vector<Transcript> parse_transcripts(std::string_view text, const std::string& source);

}  // namespace timetrial
