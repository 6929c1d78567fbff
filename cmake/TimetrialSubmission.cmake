# timetrial_add_submission(<name> <source>... [SEARCH_SPACE <file>])
# Builds <name>.so and puts its search space beside it as <name>.search_space.json (default: search_space.json in the
# current folder, when there is one). A search_space_mini.json beside it comes along as <name>.search_space_mini.json: the
# list of points for the mini tier. A .cu file among the sources holds the kernels of an elementwise submission
# (timetrial/cuda_kernels.cuh): it is compiled where the project has enabled CUDA, and left out elsewhere. Used by our own
# submissions/ and, through find_package(timetrial), by yours.
option(TIMETRIAL_NATIVE "Compile submissions for the processor of this machine (off: plain x86-64)" ON)

# Optimised whatever the build type; no math flag here changes a result except that sqrt does not set errno. Without
# -fno-trapping-math no loop that chooses between two values becomes vector instructions.
function(timetrial_compile_for_speed target scope)
  target_compile_options(${target} ${scope} $<$<COMPILE_LANGUAGE:CXX>:-O3 -fno-math-errno -fno-trapping-math>)
  if(TIMETRIAL_NATIVE)
    target_compile_options(${target} ${scope} $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
  endif()
endfunction()

# nvcc has had it since 12.0; CMake before 3.26 does not know.
if(CMAKE_CUDA_COMPILER AND NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
  set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
endif()

# With a CUDA runtime of its own, so that the library loads where there is none.
function(timetrial_compile_kernels target)
  target_compile_definitions(${target} PRIVATE TIMETRIAL_SUBMISSION_HAS_KERNELS)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr>)
  set_target_properties(${target} PROPERTIES CUDA_STANDARD 20 CUDA_STANDARD_REQUIRED ON CUDA_RUNTIME_LIBRARY Static
                        CUDA_VISIBILITY_PRESET hidden)
endfunction()

function(timetrial_submission_flags target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  timetrial_compile_for_speed(${target} PRIVATE)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

function(timetrial_add_submission name)
  cmake_parse_arguments(SUBMISSION "" "SEARCH_SPACE" "" ${ARGN})
  set(sources ${SUBMISSION_UNPARSED_ARGUMENTS})
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "\\.cu$")
  if(NOT CMAKE_CUDA_COMPILER)
    list(FILTER sources EXCLUDE REGEX "\\.cu$")
  endif()
  add_library(${name} MODULE ${sources})
  target_link_libraries(${name} PRIVATE timetrial::submission_api)
  if(kernels AND CMAKE_CUDA_COMPILER)
    timetrial_compile_kernels(${name})
  endif()
  if(TARGET timetrial_warnings)  # in our own tree
    target_link_libraries(${name} PRIVATE timetrial_warnings)
    target_precompile_headers(${name} REUSE_FROM timetrial_tensor_header)
  endif()
  timetrial_submission_flags(${name})
  set_target_properties(${name} PROPERTIES PREFIX "")
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
