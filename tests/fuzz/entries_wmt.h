#pragma once

#include <string_view>

namespace timetrial {

// Two texts, a NUL byte between them, read in step. Nothing but a UserError may leave the reader, and what
// comes out is UTF-8 without empty sides.
void fuzz_wmt_lines(std::string_view bytes);

// A file of tokenized pairs, as it is and with its checksum set right. Nothing but a UserError may leave the
// reader; pairs that come out keep their promises and pack into rows.
void fuzz_wmt_pairs(std::string_view bytes);

// A page of LibreOffice's help, and the tokens of its text for BLEU. Nothing may be thrown.
void fuzz_wmt_help(std::string_view bytes);

}  // namespace timetrial
