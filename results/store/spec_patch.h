#pragma once

// Trials of one entry have almost the same spec: it is stored once, and of each trial what differs.

#include <string>

namespace timetrial {

// What turns `base` into `wanted`, two JSON objects: a merge patch (RFC 7396), as SQLite's json_patch applies
// it. A null in `wanted` reads back as an absent field, which means the same in a spec. Pure.
std::string spec_patch(const std::string& base, const std::string& wanted);

}  // namespace timetrial
