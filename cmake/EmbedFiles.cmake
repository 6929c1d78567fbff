# timetrial_embed(<target> <accessor> <file>...): puts files into the program, so that it needs no data folder.
# Declares, in header "<target>_embedded/<accessor>.h":  std::string_view timetrial::<accessor>(std::string_view name)
# and  std::vector<std::string> timetrial::<accessor>_names();  name = file name without folder; absent = empty view.
function(timetrial_embed target accessor)
  set(folder ${PROJECT_BINARY_DIR}/embedded/${target})
  set(header ${folder}/embedded/${accessor}.h)
  set(source ${folder}/${accessor}.cpp)
  set(assembly "")
  set(declarations "")
  set(entries "")
  set(index 0)
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
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
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${ARGN}")
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
