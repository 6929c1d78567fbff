#pragma once

// Numbers as other programs log them, exactly and whatever the locale.

#include <cstdint>
#include <optional>
#include <string_view>

namespace timetrial {

// The nearest double; spaces around it and a leading plus are allowed. Nothing for blanks, "nan", infinities
// and texts that are no number.
std::optional<double> finite_number(std::string_view text);

// Blanks, "nan", "inf" in any spelling: a number was meant, but there is none.
bool is_not_a_number(std::string_view text);

// Whole numbers up to 2^53 in size, also as "64.0".
std::optional<int64_t> whole_number(std::string_view text);
std::optional<int64_t> whole_number(double value);

}  // namespace timetrial
