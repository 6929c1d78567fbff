# timetrial_embed(<target> <accessor> [BELOW <folder>] <file>...): puts files into the program, so that it needs no data folder.
# Declares, in header "<target>_embedded/<accessor>.h":  std::string_view timetrial::<accessor>(std::string_view name)
# and  std::vector<std::string> timetrial::<accessor>_names();  name = file name without folder, or the path
# below <folder>; absent = empty view.
function(timetrial_embed target accessor)
  cmake_parse_arguments(EMBED "" "BELOW" "" ${ARGN})
  set(folder ${PROJECT_BINARY_DIR}/embedded/${target})
  set(header ${folder}/embedded/${accessor}.h)
  set(source ${folder}/${accessor}.cpp)
  set(assembly "")
  set(declarations "")
  set(entries "")
  set(index 0)
  foreach(file ${EMBED_UNPARSED_ARGUMENTS})
    if(EMBED_BELOW)
      file(RELATIVE_PATH name ${EMBED_BELOW} ${file})
    else()
      get_filename_component(name ${file} NAME)
    endif()
    set(symbol embedded_${accessor}_${index})
    string(APPEND assembly "    \".global ${symbol}_begin, ${symbol}_end\\n${symbol}_begin:\\n.incbin \\\"${file}\\\"\\n${symbol}_end:\\n\"\n")
    string(APPEND declarations "extern const char ${symbol}_begin[], ${symbol}_end[];\n")
    string(APPEND entries "      {\"${name}\", {${symbol}_begin, static_cast<std::size_t>(${symbol}_end - ${symbol}_begin)}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${header} CONTENT "#pragma once
#include <string>
#include <string_view>
#include <vector>
namespace timetrial {
std::string_view ${accessor}(std::string_view name);
std::vector<std::string> ${accessor}_names();
}
" @ONLY)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"embedded/${accessor}.h\"
#include <map>
asm(\".section .rodata\\n.balign 16\\n\"
${assembly}    \".text\\n\");
extern \"C\" {
${declarations}}
namespace timetrial {
namespace {
const std::map<std::string_view, std::string_view>& ${accessor}_table() {
  static const std::map<std::string_view, std::string_view> table = {
${entries}  };
  return table;
}
}
std::string_view ${accessor}(std::string_view name) {
  auto found = ${accessor}_table().find(name);
  return found == ${accessor}_table().end() ? std::string_view() : found->second;
}
std::vector<std::string> ${accessor}_names() {
  std::vector<std::string> names;
  for (const auto& [name, text] : ${accessor}_table()) names.emplace_back(name);
  return names;
}
}
" @ONLY)
  # Compiled by itself: what a part of a unity source depends on is forgotten.
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${EMBED_UNPARSED_ARGUMENTS}" SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
