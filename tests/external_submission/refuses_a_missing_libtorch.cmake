include(${CMAKE_CURRENT_LIST_DIR}/prefix.cmake)
expect_refused("TIMETRIAL_LIBTORCH=/nowhere is no torch folder" -DTIMETRIAL_LIBTORCH=/nowhere)
