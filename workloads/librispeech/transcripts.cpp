#include "workloads/librispeech/transcripts.h"

#include <algorithm>
#include <set>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"

namespace timetrial {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\v\f";

std::string next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kWhiteSpace), line.size()));
  const size_t end = std::min(line.find_first_of(kWhiteSpace), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(end);
  return word;
}

// Ids become names of files beside the transcript: none may lead elsewhere.
bool is_id(std::string_view id) {
  return id.front() != '.' && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

std::vector<Transcript> parse_transcripts(std::string_view text, const std::string& source) {
  std::vector<Transcript> transcripts;
  std::set<std::string> ids;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto refused = [&](const char* what, const std::string& value) {
      return UserError({what, source + ", line " + std::to_string(number), value,
                        "unpack the official archive again: a line is an utterance's id and its words"});
    };
    if (!is_utf8(line)) throw refused("the transcript is not UTF-8 text", "");
    Transcript transcript{next_word(line), {}};
    if (transcript.id.empty()) continue;
    if (!is_id(transcript.id)) throw refused("this is not the id of an utterance", transcript.id);
    for (std::string word = next_word(line); !word.empty(); word = next_word(line)) {
      if (!transcript.text.empty()) transcript.text += ' ';
      transcript.text += word;
    }
    if (!ids.insert(transcript.id).second) throw refused("the utterance stands here twice", transcript.id);
    transcripts.push_back(std::move(transcript));
  }
  return transcripts;
}

}  // namespace timetrial
