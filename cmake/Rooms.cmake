# A room is one folder of the architecture = one CMake target. A target sees the headers of a room only if it links it:
# every room publishes its headers through a private tree of links, so that a forbidden include does not compile.

# timetrial_room(<target> [SHARED] [AT <include prefix>] [HEADERS ...] [SOURCES ...] [LINKS ...])
#   HEADERS: all *.h and *.cuh of the current folder by default, included as "<prefix>/<name>.h"; the prefix is the folder's path
#   by default. Without SOURCES the room is header-only.
function(timetrial_room target)
  cmake_parse_arguments(ROOM "SHARED" "AT" "HEADERS;SOURCES;LINKS" ${ARGN})
  if(NOT ROOM_AT)
    file(RELATIVE_PATH ROOM_AT ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  set(tree ${PROJECT_BINARY_DIR}/rooms/${target})
  file(REMOVE_RECURSE ${tree})
  file(MAKE_DIRECTORY ${tree}/${ROOM_AT})
  if(NOT ROOM_HEADERS)
    file(GLOB ROOM_HEADERS CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h ${CMAKE_CURRENT_SOURCE_DIR}/*.cuh)
  endif()
  foreach(header ${ROOM_HEADERS})
    get_filename_component(header ${header} ABSOLUTE)
    get_filename_component(name ${header} NAME)
    file(CREATE_LINK ${header} ${tree}/${ROOM_AT}/${name} SYMBOLIC)
  endforeach()

  if(NOT ROOM_SOURCES)
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${tree})
    target_link_libraries(${target} INTERFACE ${ROOM_LINKS})
    return()
  endif()
  if(ROOM_SHARED)
    add_library(${target} SHARED ${ROOM_SOURCES})
  else()
    add_library(${target} STATIC ${ROOM_SOURCES})
  endif()
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${tree}>)
  target_link_libraries(${target} PUBLIC ${ROOM_LINKS} PRIVATE timetrial_warnings)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# Lets a program include the headers of its own folder by their path, as rooms do.
function(timetrial_headers target)
  timetrial_room(${target}_headers)
  target_link_libraries(${target} PRIVATE ${target}_headers)
endfunction()

# Fails the configuration when <target> links LibTorch, directly or through another room.
function(timetrial_assert_torch_free target)
  set(open ${target})
  set(seen "")
  while(open)
    list(POP_FRONT open current)
    if(current IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${current})
    if(current MATCHES "libtorch|torch_cpu|torch_cuda|c10")
      message(FATAL_ERROR "${target} must not link LibTorch, but reaches ${current} (through: ${seen})")
    endif()
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" current "${current}")
    if(TARGET ${current})
      get_target_property(aliased ${current} ALIASED_TARGET)
      if(aliased)
        set(current ${aliased})
      endif()
      foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
        get_target_property(links ${current} ${property})
        if(links)
          list(APPEND open ${links})
        endif()
      endforeach()
    endif()
  endwhile()
endfunction()

# timetrial_test(<name> SOURCES ... LINKS ... [TORCH] [EACH] [LABELS ...]): one GoogleTest program. It is one test of CTest: a
# process that loads LibTorch takes half a second to start. With EACH every case is one, for cases that run
# for long or need a process of their own.
# What the standard library can check it checks (an empty optional read, an index out of range), but not with
# TORCH: the precompiled header is without.
# Tests run side by side: waiting OpenMP threads must not starve each other (GOMP_SPINCOUNT).
function(timetrial_test name)
  cmake_parse_arguments(TEST "TORCH;EACH" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} timetrial_warnings GTest::gmock GTest::gtest_main)
  if(TEST_TORCH)
    timetrial_use_torch_header(${name})
  else()
    target_compile_definitions(${name} PRIVATE _GLIBCXX_ASSERTIONS)
  endif()
  target_compile_definitions(${name} PRIVATE TIMETRIAL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(TEST_LABELS)  # an empty value would be dropped, and the next property's name taken for it
    set(labels LABELS "${TEST_LABELS}")
  endif()
  set(environment ENVIRONMENT GOMP_SPINCOUNT=1000)
  set(seconds_of_case 600)
  set(seconds_of_program 900)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")  # which is slow, and more so without optimisation
    set(seconds_of_case 2400)
    set(seconds_of_program 3600)
  endif()
  if(TEST_EACH)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
                         PROPERTIES TIMEOUT ${seconds_of_case} ${environment} ${labels})
  else()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds_of_program} ${environment} ${labels})
  endif()
endfunction()

# A room of loops that only pay with vector instructions. Without LibTorch, so that no inline function of its headers is
# compiled for this processor by accident.
function(timetrial_vectorise target)
  timetrial_compile_for_speed(${target} PRIVATE)
  target_compile_options(${target} PRIVATE -fopenmp-simd)
  timetrial_assert_torch_free(${target})
endfunction()
