#pragma once

#include <string_view>

namespace timetrial {

// The nine tables of a data set in ogbg-molpcba's layout with three tasks, in the order of MoleculeTables,
// NUL bytes between them. Nothing but a UserError may leave the reader, and molecules that come out must be
// whole.
void fuzz_ogbg_tables(std::string_view bytes);

// One file of it, gzip or plain, read as labels, as two columns of integers and as one.
void fuzz_ogbg_file(std::string_view bytes);

}  // namespace timetrial
