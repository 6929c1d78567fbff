# timetrial_add_submission(<name> <source>... [SEARCH_SPACE <file>])
# Builds <name>.so and puts its search space beside it as <name>.search_space.json (default: search_space.json in the
# current folder, when there is one). A search_space_mini.json beside it comes along as <name>.search_space_mini.json: the
# list of points for the mini tier. Used by our own submissions/ and, through find_package(timetrial), by yours.
option(TIMETRIAL_NATIVE "Compile submissions for the processor of this machine (off: plain x86-64)" ON)

# Optimised whatever the build type; no math flag here changes a result except that sqrt does not set errno. Without
# -fno-trapping-math no loop that chooses between two values becomes vector instructions.
function(timetrial_compile_for_speed target scope)
  target_compile_options(${target} ${scope} $<$<COMPILE_LANGUAGE:CXX>:-O3 -fno-math-errno -fno-trapping-math>)
  if(TIMETRIAL_NATIVE)
    target_compile_options(${target} ${scope} $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
  endif()
endfunction()

function(timetrial_add_submission name)
  cmake_parse_arguments(SUBMISSION "" "SEARCH_SPACE" "" ${ARGN})
  add_library(${name} MODULE ${SUBMISSION_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE timetrial::submission_api)
  if(TARGET timetrial_warnings)  # in our own tree
    target_link_libraries(${name} PRIVATE timetrial_warnings)
  endif()
  target_compile_features(${name} PRIVATE cxx_std_20)
  timetrial_compile_for_speed(${name} PRIVATE)
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(TIMETRIAL_SUBMISSION_DIR)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${TIMETRIAL_SUBMISSION_DIR})
  endif()
  if(NOT SUBMISSION_SEARCH_SPACE AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/search_space.json)
    set(SUBMISSION_SEARCH_SPACE search_space.json)
  endif()
  if(SUBMISSION_SEARCH_SPACE)
    get_filename_component(space ${SUBMISSION_SEARCH_SPACE} ABSOLUTE)
    add_custom_command(TARGET ${name} POST_BUILD COMMAND ${CMAKE_COMMAND} -E copy_if_different
                       ${space} $<TARGET_FILE_DIR:${name}>/${name}.search_space.json)
    set_target_properties(${name} PROPERTIES LINK_DEPENDS ${space} TIMETRIAL_SEARCH_SPACES ${name}.search_space.json)
    get_filename_component(folder ${space} DIRECTORY)
    if(EXISTS ${folder}/search_space_mini.json)
      add_custom_command(TARGET ${name} POST_BUILD COMMAND ${CMAKE_COMMAND} -E copy_if_different
                         ${folder}/search_space_mini.json $<TARGET_FILE_DIR:${name}>/${name}.search_space_mini.json)
      set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${folder}/search_space_mini.json)
      set_property(TARGET ${name} APPEND PROPERTY TIMETRIAL_SEARCH_SPACES ${name}.search_space_mini.json)
    endif()
  endif()
endfunction()
