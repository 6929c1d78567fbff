#include "entries_librispeech.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "memory_file.h"
#include "require.h"
#include "workloads/librispeech/flac_file.h"
#include "workloads/librispeech/g722.h"
#include "workloads/librispeech/transcripts.h"

namespace timetrial {
void fuzz_transcripts(std::string_view bytes) {
  try {
    std::set<std::string> ids;
    for (const Transcript& transcript : parse_transcripts(bytes, "fuzz")) {
      require(!transcript.id.empty() && transcript.id.find('/') == std::string::npos,
              "an id is a file's name");
      require(ids.insert(transcript.id).second, "ids differ");
      require(is_utf8(transcript.text), "text is UTF-8");
      require(
          transcript.text.find("  ") == std::string::npos && transcript.text.find('\n') == std::string::npos,
          "single spaces");
    }
  } catch (const UserError&) {
  }
}

void fuzz_flac(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const int64_t promised = flac_samples(file.path());
    const auto samples = read_flac(file.path());
    require(static_cast<int64_t>(samples.size()) == promised, "all samples that the header promises");
    for (const float sample : samples) require(std::abs(sample) <= 32768, "16-bit scale");
  } catch (const UserError&) {
  }
}

void fuzz_g722(std::string_view bytes) {
  require(decode_g722(bytes).size() == 2 * bytes.size(), "two samples a byte");
}

}  // namespace timetrial
