#pragma once

#include <string_view>

namespace timetrial {

// merges.txt, vocab.json and a text, NUL bytes between them. Nothing but a UserError may leave the reader;
// what was read encodes the text to ids of the vocabulary, the same twice.
void fuzz_byte_pairs(std::string_view bytes);

// A line of documents, as JSON and as text; what comes out is UTF-8 and falls into pre-tokens.
void fuzz_documents(std::string_view bytes);

// A page of HTML; paragraphs have single spaces.
void fuzz_markup(std::string_view bytes);

// A SWORD module: 24 bytes of index, then blocks.
void fuzz_sword_module(std::string_view bytes);

}  // namespace timetrial
