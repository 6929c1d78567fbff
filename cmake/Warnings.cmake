# Warnings for our own code; headers of libraries come as SYSTEM and stay silent.
add_library(timetrial_warnings INTERFACE)
target_compile_options(timetrial_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wconversion -Werror>)
