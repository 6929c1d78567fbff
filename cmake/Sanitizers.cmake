# Builds with a sanitizer: what its runtime is told lies in every program, not in the environment of the tests. So it holds for
# workers too, whose environment is another one, and for programs run by hand. (The fuzzers have their own ways.)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=(address|thread)")
  add_library(timetrial_sanitizer_settings OBJECT ${PROJECT_SOURCE_DIR}/tests/sanitizers/settings.cpp)
  target_compile_options(timetrial_sanitizer_settings PRIVATE -fno-sanitize=all)  # the runtime asks before it is ready
  target_link_libraries(timetrial_sanitizer_settings PRIVATE timetrial_warnings)
  link_libraries($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:timetrial_sanitizer_settings>>)
endif()
