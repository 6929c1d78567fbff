#include "workloads/npz/npy_type.h"

#include <bit>

#include "harness/errors/user_error.h"
#include "workloads/npz/quoted_bytes.h"

namespace timetrial {
namespace {

static_assert(std::endian::native == std::endian::little,
              "values are read and written as they lie in memory");

struct TypeFacts {
  NpyType type;
  size_t bytes;
  std::string_view descr;
  std::string_view name;
};

constexpr TypeFacts kTypes[] = {
    {NpyType::float32, 4, "<f4", "float32"}, {NpyType::float64, 8, "<f8", "float64"},
    {NpyType::int32, 4, "<i4", "int32"},     {NpyType::int64, 8, "<i8", "int64"},
    {NpyType::int8, 1, "|i1", "int8"},       {NpyType::uint8, 1, "|u1", "uint8"},
};

const TypeFacts& facts_of(NpyType type) {
  return kTypes[static_cast<size_t>(type)];
}

}  // namespace

size_t npy_type_bytes(NpyType type) {
  return facts_of(type).bytes;
}

std::string_view npy_descr(NpyType type) {
  return facts_of(type).descr;
}

std::string_view npy_type_name(NpyType type) {
  return facts_of(type).name;
}

NpyType parse_npy_descr(std::string_view descr, const std::string& where) {
  const std::string_view order = descr.substr(0, 1);
  const bool has_order = order == "<" || order == ">" || order == "=" || order == "|";
  const std::string_view kind = descr.substr(has_order ? 1 : 0);
  if (kind.substr(0, 1) == "O") {
    throw UserError({"the array holds Python objects, which only unpickling can read: that may run any code",
                     where, quoted_bytes(descr), "save it as numbers, array.astype(numpy.float32)"});
  }
  for (const TypeFacts& facts : kTypes) {
    if (!has_order || kind != facts.descr.substr(1)) continue;
    if (order == ">" && facts.bytes > 1) {
      throw UserError({"the array holds big-endian numbers", where, quoted_bytes(descr),
                       "save it little-endian, array.astype('" + std::string(facts.descr) + "')"});
    }
    return facts.type;
  }
  throw UserError({"the type of the array is none of <f4, <f8, <i4, <i8, |i1 and |u1", where,
                   quoted_bytes(descr), "save it as one of them, array.astype(numpy.float32)"});
}

}  // namespace timetrial
