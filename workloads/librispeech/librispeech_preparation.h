#pragma once

#include <map>
#include <memory>
#include <string>

#include "workloads/preparation.h"

namespace timetrial {

// The preparation of the data set "librispeech", which librispeech_conformer and librispeech_deepspeech
// share: their prepare_<name>() return this.
//
// Mini: 2,000 utterances from the prompts of the Asterisk telephone exchange. Full: trains tokenizer.model
// when the user brought none, checks the number of transcripts of every subset, that each has its recording,
// every recording's header, and decodes one recording of every chapter.
std::unique_ptr<DataPreparation> librispeech_preparation();

// Checks the subsets of `transcripts` (name -> how many transcripts there are) in `data_set`, trains the
// tokenizer of `pieces` where it is absent, and writes the manifest, whose id begins with `id`. Throws
// UserError telling what was found and expected.
void check_librispeech(const std::filesystem::path& data_set,
                       const std::map<std::string, int64_t>& transcripts, int64_t pieces,
                       const std::string& id, const std::string& description,
                       const PreparationProgress& progress);

// For held_back.h: of a file or folder of the data set.
bool holds_back_librispeech_data_set(const std::string& name);

}  // namespace timetrial
