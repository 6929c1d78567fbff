# A room is one folder of the architecture = one CMake target. A target sees the headers of a room only if it links it:
# every room publishes its headers through a private tree of links, so that a forbidden include does not compile.

# timetrial_room(<target> [SHARED] [AT <include prefix>] [HEADERS ...] [SOURCES ...] [LINKS ...])
#   HEADERS: all *.h of the current folder by default, included as "<prefix>/<name>.h"; the prefix is the folder's path
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
    file(GLOB ROOM_HEADERS CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
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

# timetrial_test(<name> SOURCES ... LINKS ... [TORCH] [LABELS ...]): one GoogleTest program, one CTest per test case.
# Tests run side by side: waiting OpenMP threads must not starve each other (GOMP_SPINCOUNT).
function(timetrial_test name)
  cmake_parse_arguments(TEST "TORCH" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} timetrial_warnings GTest::gmock GTest::gtest_main)
  if(TEST_TORCH)
    timetrial_use_torch_header(${name})
  endif()
  target_compile_definitions(${name} PRIVATE TIMETRIAL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(TEST_LABELS)  # an empty value would be dropped, and the next property's name taken for it
    set(labels LABELS "${TEST_LABELS}")
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
                       PROPERTIES TIMEOUT 300 ENVIRONMENT GOMP_SPINCOUNT=1000 ${labels})
endfunction()

# A room of loops that only pay with vector instructions. Without -fno-trapping-math no loop that chooses between two
# values becomes one. Without LibTorch, so that no inline function of its headers is compiled for this processor by accident.
function(timetrial_vectorise target)
  target_compile_options(${target} PRIVATE -O3 -fno-math-errno -fno-trapping-math -fopenmp-simd
                                           $<$<BOOL:${TIMETRIAL_NATIVE}>:-march=native>)
  timetrial_assert_torch_free(${target})
endfunction()
